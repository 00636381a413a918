"""The port to a copy of the bucket."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopiedTrace


class SnapshotUpdate(Protocol):
    """A copy of the bucket, held for writing.

    At every instant each trace in it is as it was at some commit, and a reader finds it whole.
    """

    @abstractmethod
    def copy(self, traces: Sequence[TraceId]) -> Sequence[CopiedTrace]:
        """Bring traces up to date; says what became of each. Durable on return.

        Every copied byte is compared with its digest first. Captures may go on meanwhile: a trace
        is then as it was at one of its commits. Raises StorageUnavailable: the copy refused.
        """

    @abstractmethod
    def finish(self) -> Sequence[CopiedTrace]:
        """Delete in the copy what was deleted, and copy the settings. Durable on return."""


class Snapshots(Protocol):
    """The place of one copy of the bucket. Contract: tests/contracts/snapshots.py."""

    @abstractmethod
    def needed(self) -> int:
        """Return how many bytes a copy will take, beyond those that are there; changes nothing.

        Raises:
            BadRequest: something else is there, or it is no place for a copy.
            NewerFormat: a later release made the copy.
            Corrupt: what the copy says of itself is damaged.
        """

    @abstractmethod
    def updating(self) -> AbstractContextManager[SnapshotUpdate]:
        """Hold the copy for writing; makes it where there is none.

        Raises as `needed` does. Busy: another process holds it.
        """
