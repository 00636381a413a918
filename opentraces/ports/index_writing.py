"""The port to full-text search, for writing."""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Indexed:
    """How far a trace is indexed."""

    commit: int
    """The commit of its envelope that was seen."""

    generation: int
    """The generation of its steps that was seen."""

    steps_length: int
    """Bytes of its steps file that are indexed."""


class IndexUpdate(Protocol):
    """The index, held for writing by one process; nothing is visible before `commit`."""

    @abstractmethod
    def indexed(self) -> Mapping[TraceId, Indexed]:
        """Return how far each trace is indexed, as last committed."""

    @abstractmethod
    def put_step(self, document: StepDocument, *, replaces: bool) -> None:
        """Add a step; `replaces`: it may be there already, and goes."""

    @abstractmethod
    def put_trace(self, document: TraceDocument) -> None:
        """Add a trace as a whole, or replace it; its steps stay.

        What it cost and met in all is that of its steps as they are then: put it after them.
        """

    @abstractmethod
    def forget(self, trace: TraceId) -> None:
        """Remove a trace and all its steps; also what was put before in this update."""

    @abstractmethod
    def commit(self) -> None:
        """Make all that was put since the last commit visible and durable, at once."""


class IndexWriter(Protocol):
    """The index, for writing. Contract: tests/contracts/index_writer.py."""

    @abstractmethod
    def updating(self) -> AbstractContextManager[IndexUpdate]:
        """Hold the index for writing; leaving it drops what was not committed.

        An index that is absent, cut short or of another release begins anew, empty. Waits for
        another process within a bound, then raises Busy. Raises StorageUnavailable.
        """

    @abstractmethod
    def discard(self) -> None:
        """Give it up: it is absent from then on, and the next update begins anew.

        Waits for another process within a bound, then raises Busy. Raises StorageUnavailable.
        """
