"""The port to which traces are kept: all that an import of nothing new has to know."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Protocol

from opentraces.domain.ids import TraceId


class KeptTraces(Protocol):
    """Every trace ever kept, by name."""

    @abstractmethod
    def ids(self) -> Iterator[TraceId]:
        """Yield every id once, ascending: also of sessions of which only bytes are kept."""
