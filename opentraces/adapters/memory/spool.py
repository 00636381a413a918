"""Events of sessions as bytes in a dict."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from opentraces.domain.errors import Busy
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.ports.spool import EventSpool, Waiting

_PIECE = 1 << 20
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class MemoryEventSpool(EventSpool):
    """`write` is what a hook does."""

    def __init__(self) -> None:
        self._events: dict[SessionId, bytes] = {}
        self._newest: dict[SessionId, datetime] = {}
        self._leased: set[SessionId] = set()

    def write(self, session: SessionId, data: bytes, at: datetime = _NEVER) -> None:
        """Add an event, or a piece of one."""
        self._events[session] = self._events.get(session, b"") + data
        self._newest[session] = at

    def waiting(self) -> tuple[Waiting, ...]:
        """See EventSpool."""
        return tuple(
            Waiting(
                Agent.CLAUDE_CODE, session, f"spool/{session}", len(data), self._newest[session]
            )
            for session, data in sorted(self._events.items())
            if data
        )

    def read(self, session: SessionId, offset: int) -> Iterator[bytes]:
        """See EventSpool."""
        data = self._events.get(session, b"")
        if data and not data.endswith(b"\n"):
            data = self._events[session] = data + b"\n"
        for start in range(offset, len(data), _PIECE):
            yield data[start : start + _PIECE]

    def clear(self, session: SessionId, length: int) -> bool:
        """See EventSpool."""
        if len(self._events.get(session, b"")) > length:
            return False
        self._events.pop(session, None)
        return True

    @contextmanager
    def lease(self, session: SessionId) -> Iterator[None]:
        """See EventSpool."""
        if session in self._leased:
            raise Busy(f"another process keeps the events of {session}")
        self._leased.add(session)
        try:
            yield
        finally:
            self._leased.remove(session)
