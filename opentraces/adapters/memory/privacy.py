"""Who may look at what we keep, as sets of names."""

from collections.abc import Iterable

from opentraces.ports.privacy import Privacy

_MOST = 100


class MemoryPrivacy(Privacy):
    """See Privacy."""

    def __init__(self, exposed: Iterable[str] = (), open_to_others: Iterable[str] = ()) -> None:
        self._exposed = tuple(exposed)
        self._open = tuple(open_to_others)

    def exposed(self) -> tuple[str, ...]:
        """See Privacy."""
        return self._exposed[:_MOST]

    def close(self) -> int:
        """See Privacy."""
        closed, self._exposed = len(self._exposed), ()
        return closed

    def open_to_others(self) -> tuple[str, ...]:
        """See Privacy."""
        return self._open
