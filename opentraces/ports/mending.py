"""The port to what a repair of the bucket takes."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from opentraces.domain.audit import Problem
from opentraces.domain.envelope import BlobRef, Envelope
from opentraces.domain.ids import TraceId
from opentraces.domain.mending import Damage, Filled, Remains
from opentraces.domain.source_rows import SourceRow
from opentraces.ports.trace_writing import TraceEdit

Reread = Callable[[int], Iterator[bytes]]
"""Yields the bytes of the agent's own file from an offset on; nothing when it is gone."""


class TraceMending(Protocol):
    """One trace, held: nobody else writes to it until it is let go."""

    @property
    @abstractmethod
    def damage(self) -> Damage:
        """Say what is wrong, as it was found when it was taken hold of."""

    @abstractmethod
    def envelope(self) -> Envelope:
        """Return the envelope as committed. Raises Corrupt when it is lost, and NewerFormat."""

    @abstractmethod
    def remains(self, reread_of: Callable[[SourceRow], Reread]) -> Remains:
        """Make out what the envelope was, where it is lost.

        Puts back the blobs of sources that are lost with it. Raises Corrupt, saying why, when it
        cannot be proven.
        """

    @abstractmethod
    def fill(self, number: int, reread: Reread) -> Filled:
        """Put back what is lost of a source: bytes that prove by their digest to be those.

        Where packing them gives the bytes that were stored, they go to their place at once. Else
        they take effect with the commit of an `edit`.
        """

    @abstractmethod
    def fill_blob(self, number: int, reread: Reread) -> BlobRef | None:
        """Put back the blob of a source, and return what names it now. None: it is lost.

        Durable on return.
        """

    @abstractmethod
    def edit(self, envelope: Envelope) -> TraceEdit:
        """Return an edit that goes on from `envelope`; made once, and before its first commit.

        With its commit what is lost of the list of sources, and what was filled, is written anew
        too. It takes effect when the trace is let go; an exception abandons it.
        """


class Mender(Protocol):
    """The bucket in the hands of a repair. What is damaged is set aside, and never deleted.

    One that only says what it would do changes nothing, and holds nothing. Contract:
    tests/contracts/mender.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def headless(self) -> Iterator[Problem]:
        """Yield a problem for each trace that has files and no envelope.

        A verification takes them for never committed. Only those that were, or of which all else
        is there.
        """

    @abstractmethod
    def holding(self, trace: TraceId) -> AbstractContextManager[TraceMending]:
        """Take hold of a trace; waits for others. Raises NewerFormat."""

    @abstractmethod
    def set_aside(self, path: str, trace: TraceId | None) -> str | None:
        """Move what a verification named out of the way; returns where it is then.

        None: it is gone, or whole again. Durable on return.
        """

    @abstractmethod
    def bury(self, trace: TraceId) -> None:
        """Write the damaged tombstone of a deleted trace anew. Durable on return."""

    @abstractmethod
    def describe(self, bucket_id: str | None) -> bool:
        """Write the bucket's own description anew; None: under a new name. Durable on return.

        Returns whether that was to be done: not where it is whole, or where there is none and
        nothing is kept. Raises NewerFormat where a later release made the bucket.
        """

    @abstractmethod
    def evidence(self) -> tuple[str, ...]:
        """Return where all is that was set aside so far, relative to the bucket."""
