"""Helper that does all itself, when it is asked what was done."""

from collections.abc import Callable, Iterator

from opentraces.domain.errors import OpentracesError
from opentraces.ports.helper import Done, Helper, Order


class MemoryHelper(Helper[Order, Done]):
    """See Helper."""

    def __init__(self, carry_out: Callable[[Order], Done]) -> None:
        self._carry_out = carry_out
        self._take: Callable[[], Order | None] = lambda: None

    def begin(self, take: Callable[[], Order | None]) -> None:
        """See Helper."""
        self._take = take

    def done(self, *, wait: bool) -> Iterator[tuple[Order, Done | None]]:
        """See Helper."""
        while (order := self._take()) is not None:
            try:
                done = self._carry_out(order)
            except OpentracesError:
                yield order, None
                return
            yield order, done
            if not wait:
                return

    def close(self) -> None:
        """See Helper."""
        self._take = lambda: None
