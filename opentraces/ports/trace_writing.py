"""The port to kept traces, for writing."""

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from opentraces.domain.envelope import Envelope, TraceHeader
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.context_writing import ContextEdit
from opentraces.ports.trail_writing import TrailEdit


@frozen_dataclass
class Revised:
    """What became of a header."""

    before: Envelope
    """As it was."""

    after: Envelope
    """As it is, durable; the same when nothing changed."""

    was_marked: bool
    """Whether the trace was marked before: then more of it may be behind than its header."""


class TraceEdit(TrailEdit, ContextEdit, Protocol):
    """One trace, held for writing: nobody else writes to it until the batch is closed."""

    @property
    @abstractmethod
    def envelope(self) -> Envelope | None:
        """As last committed. None: this is a new trace."""

    @abstractmethod
    def append_source(self, number: int, data: bytes) -> None:
        """Add bytes to the end of source `number`; the first call for a number begins it."""

    @abstractmethod
    def append_step(self, step: KeptStep) -> None:
        """Add a step, or a higher revision of one."""

    @abstractmethod
    def restart_steps(self) -> None:
        """Begin the steps anew; those of before go when this edit is durable."""

    @abstractmethod
    def commit(self, header: TraceHeader) -> None:
        """Say that the edit is whole; it takes effect when the batch is closed.

        An edit without it leaves no trace of itself.
        """

    @property
    @abstractmethod
    def committed(self) -> Envelope:
        """As it is now; only after `commit`, and after the batch was closed."""


class TraceBatch(Protocol):
    """Some traces written together, made durable together."""

    @abstractmethod
    def edit(self, trace: TraceId, *, wait: bool) -> TraceEdit:
        """Hold a trace for writing. At most one waiting edit may be the first of a batch.

        Before its commit takes effect, the trace is marked: see `Markers`.

        Raises:
            Busy: another process holds it, and `wait` is False.
            Corrupt: its envelope or a file of it is damaged; nothing is written to it.
            NewerFormat: a later release wrote it, or added to it what would be lost.
        """


class TraceWriter(Protocol):
    """Every trace ever kept, for writing.

    Contract: tests/contracts/trace_writer.py. Any method may raise StorageUnavailable; every one
    that writes raises NewerFormat where a later release made the bucket.
    """

    @abstractmethod
    def batch(self) -> AbstractContextManager[TraceBatch]:
        """Open a batch.

        Leaving it makes every committed edit durable, then visible, in that order; leaving it by
        an exception abandons all of them.
        """

    @abstractmethod
    def delete(self, trace: TraceId) -> None:
        """Remove a trace for good: it is marked, and no later edit brings it back.

        Durable on return. Raises TraceNotFound, and NewerFormat as `edit` does for another format.
        """

    @abstractmethod
    def is_deleted(self, trace: TraceId) -> bool:
        """Whether the trace was deleted."""

    @abstractmethod
    def revise(self, trace: TraceId, change: Callable[[TraceHeader], TraceHeader]) -> Revised:
        """Commit what `change` makes of the header, with unchanged files.

        Waits; nobody else writes to the trace between the reading and the commit. A header that
        stays equal changes nothing. Raises TraceNotFound, Corrupt, NewerFormat.
        """
