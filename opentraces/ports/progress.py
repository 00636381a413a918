"""The port to how far each trace's sources were read."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.progress import Progress


class ProgressStore(Protocol):
    """Derived, and never trusted: whatever is unreadable is as good as absent.

    Contract: tests/contracts/progress_store.py.
    """

    @abstractmethod
    def load(self, trace: TraceId) -> Progress | None:
        """Return the last saved progress. None: there is none that can be used."""

    @abstractmethod
    def save(self, trace: TraceId, progress: Progress) -> None:
        """Replace it. Not durable: its loss costs time only."""

    @abstractmethod
    def forget(self, trace: TraceId) -> None:
        """Remove it; nothing happens when there is none."""
