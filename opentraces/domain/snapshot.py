"""What becomes of traces in a copy of the bucket."""

from enum import StrEnum

from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass


class CopyFate(StrEnum):
    """What became of one trace."""

    WRITTEN = "written"
    """The copy has it as it was at some commit, and had not before."""

    UNCHANGED = "unchanged"
    """The copy had it already."""

    DELETED = "deleted"
    """It was deleted since it was copied, and now is in the copy, too."""

    GONE = "gone"
    """It was deleted while it was to be copied; the copy never had it."""

    DAMAGED = "damaged"
    """It cannot be read as it was written. The copy is left as it was."""

    NEWER = "newer"
    """A later release wrote it, or its copy. The copy is left as it was."""

    DIFFERENT = "different"
    """Something else was done with its copy. The copy is left as it was."""

    @property
    def is_left_out(self) -> bool:
        """Whether the copy does not have the trace, or has it as it was before."""
        return self in (CopyFate.DAMAGED, CopyFate.NEWER, CopyFate.DIFFERENT)


@frozen_dataclass
class CopiedTrace:
    """One trace, and what became of it."""

    trace: TraceId
    """Which."""

    fate: CopyFate
    """What became of it."""

    bytes: int = 0
    """Stored bytes that were written for it."""

    reason: str | None = None
    """Why it was left out. None: it was not."""


@frozen_dataclass
class SnapshotTaken:
    """What a snapshot did."""

    written: int
    """Traces that were copied, or of which the copy had an earlier commit."""

    unchanged: int
    """Traces of which the copy was up to date."""

    deleted: int
    """Traces that were deleted in the copy."""

    bytes: int
    """Stored bytes that were written."""

    left_out: tuple[CopiedTrace, ...]
    """Traces that are not in the copy, or only as they were before."""

    @property
    def traces(self) -> int:
        """Traces that the copy has as they are now, or were a moment ago."""
        return self.written + self.unchanged
