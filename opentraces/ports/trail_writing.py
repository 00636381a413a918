"""The port to the trail of one trace, for writing."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.trail.events import TrailEvent


class TrailEdit(Protocol):
    """The trail of a trace that is held for writing: see `TraceEdit`, which every such thing is."""

    @abstractmethod
    def append_trail(self, event: TrailEvent) -> None:
        """Add an event to the end of the trail."""

    @abstractmethod
    def restart_trail(self) -> None:
        """Begin the trail anew; that of before goes when this edit is durable."""
