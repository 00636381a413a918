"""A bucket in dicts: what the memory adapters of its ports share."""

from dataclasses import field

from opentraces.domain.envelope import Envelope, Member, StoredFile
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import BlobId, TraceId, digest
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass


@frozen_dataclass
class KeptTrace:
    """A trace as last committed."""

    envelope: Envelope
    """Its envelope; the stored bytes of a run are its plain bytes."""

    files: dict[str, bytes]
    """Its companion files."""


@mutable_dataclass
class MemoryBucket:
    """Everything that is kept, in one process."""

    traces: dict[TraceId, KeptTrace] = field(default_factory=dict)
    """By id, the one written last at the end."""

    deleted: set[TraceId] = field(default_factory=set)
    """Traces that never come back."""

    blobs: dict[BlobId, bytes] = field(default_factory=dict)
    """By id."""

    held: set[TraceId] = field(default_factory=set)
    """Traces that an open batch holds."""

    later: set[TraceId] = field(default_factory=set)
    """Traces that count as written by a later release, in another format."""

    name: str | None = None
    """Its own name, a UUID. None: nobody prepared it."""

    def trace(self, trace: TraceId) -> KeptTrace:
        """Return a trace. Raises TraceNotFound, NewerFormat."""
        if trace not in self.traces:
            raise TraceNotFound(f"no trace {trace}")
        if trace in self.later:
            raise NewerFormat(f"{trace} was written by a later release")
        return self.traces[trace]

    def committed_number(self, trace: TraceId) -> int:
        """Return the number of a trace's last commit; 0: it is not there. Raises NewerFormat."""
        return self.trace(trace).envelope.commit if trace in self.traces else 0


def run_of(data: bytes, first: int, last: int) -> Member:
    """Describe bytes that are stored as they are."""
    return Member(
        first=first,
        last=last,
        plain=len(data),
        stored=len(data),
        digest=digest(data),
        content=digest(data),
    )


def checked_runs(name: str, data: bytes, kept: StoredFile) -> list[tuple[int, bytes]]:
    """Return the runs of a file, each with its offset. Raises Corrupt."""
    runs: list[tuple[int, bytes]] = []
    offset = 0
    for member in kept.members:
        run = data[offset : offset + member.stored]
        if digest(run) != member.digest:
            raise Corrupt(f"{name} is damaged: its digest does not match")
        runs.append((offset, run))
        offset += member.stored
    return runs
