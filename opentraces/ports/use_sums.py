"""The port to what was counted of uses, session by session."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.skills.counted import SessionUses


class UseSums(Protocol):
    """What each session used. Derived: without it, all kept steps are read once.

    Contract: tests/contracts/use_sums.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def load(self) -> Mapping[TraceId, SessionUses]:
        """Return what was saved last; empty when nothing of use is there."""

    @abstractmethod
    def save(self, sessions: Iterable[SessionUses]) -> None:
        """Replace everything; of two processes that save at once, what one of them saves stays."""

    @abstractmethod
    def forget(self, trace: TraceId) -> None:
        """Remove what was saved of a trace; nothing happens when nothing was."""
