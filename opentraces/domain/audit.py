"""What a look at the whole bucket says."""

from collections.abc import Mapping

from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Problem:
    """One thing in the bucket that is not as it was written."""

    kind: str
    """`missing`, `short`, `damaged`, `unreadable`, `unexpected`, `newer`, or `untrue`: what the
    model saw is as it was written, and cannot be put together as it is named."""

    path: str
    """The file, relative to the bucket, with `/`."""

    trace: TraceId | None
    """The trace it concerns. None: the bucket itself, or a blob that no envelope names."""


@frozen_dataclass
class Audit:
    """The outcome of a verification."""

    traces: int
    """Envelopes that were checked."""

    files: int
    """Files that were read."""

    bytes: int
    """Stored bytes that were read."""

    problems: tuple[Problem, ...]
    """What was found; empty: the bucket is as it was written."""

    aside: int = 0
    """How many things are in quarantine, which is no problem, and was not looked into."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


@frozen_dataclass
class BucketStatus:
    """What a bucket holds, and what it costs."""

    traces: int
    """Kept traces; sessions of which only the bytes are kept are not among them."""

    steps: int
    """Steps of all traces."""

    source_bytes: int
    """Plain bytes of all kept sources."""

    bucket_bytes: int
    """Bytes of all files of the bucket."""

    index_bytes: int
    """Bytes of all files of the index."""

    agents: Mapping[str, int]
    """Traces by agent."""

    later: int = 0
    """Traces that a later release wrote and this one cannot read: counted nowhere else."""
