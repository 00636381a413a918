"""The port to the Context Tree of one trace, for writing."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.context.events import ContextEvent


class ContextEdit(Protocol):
    """The Context Tree of a trace that is held for writing: see `TraceEdit`."""

    @abstractmethod
    def append_context(self, event: ContextEvent) -> None:
        """Add an event to the end of the tree's."""

    @abstractmethod
    def restart_context(self) -> None:
        """Begin the tree anew; that of before goes when this edit is durable."""
