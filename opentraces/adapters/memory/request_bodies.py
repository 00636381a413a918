"""Bodies of requests in a dict."""

from collections.abc import Callable, Iterable

from opentraces.domain.ids import SessionId
from opentraces.ports.request_bodies import RequestBodies, WaitingBody


class MemoryRequestBodies(RequestBodies):
    """`write` is what an agent does."""

    def __init__(
        self,
        session_in: Callable[[bytes], SessionId | None],
        answer_in: Callable[[bytes], str | None],
    ) -> None:
        """Read the agent's words by these."""
        self._session_in, self._answer_in = session_in, answer_in
        self._bodies: dict[str, tuple[bytes, int]] = {}
        self._clock = 0

    def write(self, name: str, data: bytes) -> None:
        """Write a body, the whole of it at once."""
        self._clock += 1
        self._bodies[name] = (data, self._clock)

    def waiting(self) -> tuple[WaitingBody, ...]:
        """See RequestBodies."""
        found = [self._waiting(name, data, at) for name, (data, at) in self._bodies.items()]
        return tuple(sorted(found, key=lambda each: (each.written, each.name)))

    def read(self, name: str) -> bytes | None:
        """See RequestBodies."""
        return self._bodies[name][0] if name in self._bodies else None

    def remove(self, names: Iterable[str]) -> None:
        """See RequestBodies."""
        for name in names:
            self._bodies.pop(name, None)

    def _waiting(self, name: str, data: bytes, written: int) -> WaitingBody:
        if name.endswith(".request.json"):
            return WaitingBody(name, "request", self._session_in(data), None, len(data), written)
        return WaitingBody(name, "response", None, self._answer_in(data), len(data), written)
