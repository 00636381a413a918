"""Cursors in a dict."""

from collections.abc import Mapping

from opentraces.ports.cursors import Cursors


class MemoryCursors(Cursors):
    """Stamps of one process."""

    def __init__(self) -> None:
        self._stamps: dict[str, str] = {}

    def load(self) -> Mapping[str, str]:
        """See Cursors."""
        return dict(self._stamps)

    def save(self, stamps: Mapping[str, str]) -> None:
        """See Cursors."""
        self._stamps.update(stamps)

    def forget(self) -> None:
        """See Cursors."""
        self._stamps.clear()
