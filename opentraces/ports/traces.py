"""The port to kept traces, for reading."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Protocol

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.ports.kept_traces import KeptTraces


class TraceStore(KeptTraces, Protocol):
    """Every trace ever kept, as last committed.

    Contract: tests/contracts/trace_store.py. Any method may raise StorageUnavailable, and every
    one that reads stored bytes raises Corrupt when they do not match their digest.
    """

    @abstractmethod
    def envelope(self, trace: TraceId) -> Envelope:
        """Return the envelope. Raises TraceNotFound.

        What a later release of the same format added to it is left out. NewerFormat: it, and
        whatever reads the trace's steps, cannot be understood by this release.
        """

    @abstractmethod
    def steps(self, envelope: Envelope, first: int, last: int | None) -> Iterator[KeptStep]:
        """Yield steps `first` to `last` (None: to the end), ascending, each as last amended.

        Reads only the members that may hold one of them.
        """

    @abstractmethod
    def step_lines(self, envelope: Envelope, offset: int) -> Iterator[KeptStep]:
        """Yield every line written after the first `offset` stored bytes, as written.

        Amended steps come again. `offset` is 0, or the length of the file at some commit.
        """

    @abstractmethod
    def trail(self, envelope: Envelope, offset: int = 0) -> Iterator[TrailEvent]:
        """Yield the events of the trail as they were written, after the first `offset` bytes.

        `offset` is 0, or `Envelope.trail_length` at some commit: of the same generation, or it
        means nothing. Nothing comes where there is no trail. NewerFormat: a later release wrote an
        event that is not known here.
        """

    @abstractmethod
    def context(self, envelope: Envelope) -> Iterator[ContextEvent]:
        """Yield the events of the Context Tree as they were written.

        Nothing comes where there is no tree. NewerFormat: as for the trail.
        """

    @abstractmethod
    def source(self, envelope: Envelope, number: int, offset: int) -> Iterator[bytes]:
        """Yield the plain bytes of a source from `offset` on, in pieces; blobs are not here."""
