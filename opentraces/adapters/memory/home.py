"""A home folder as sizes in a dict."""

from collections.abc import Mapping

from opentraces.domain.home_part import HomePart
from opentraces.ports.home import Home


class MemoryHome(Home):
    """See Home."""

    def __init__(self, sizes: Mapping[str, int] | None = None) -> None:
        """Hold parts of these sizes, by path."""
        self._sizes = dict(sizes or {})

    def parts(self) -> tuple[HomePart, ...]:
        """See Home."""
        return tuple(HomePart(path, size) for path, size in sorted(self._sizes.items()))

    def purge(self) -> None:
        """See Home."""
        self._sizes.clear()
