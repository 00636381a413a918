"""What an import did."""

from dataclasses import field

from opentraces.domain.ledger import UsageCount
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass


@frozen_dataclass
class Left:
    """A session that became no trace, or a file that is no part of one."""

    path: str
    """The file, of a session the first."""

    reason: str
    """Why, in words."""


@mutable_dataclass
class Imported:
    """What an import did."""

    kept: int = 0
    """Traces that are new, or have changed."""

    unchanged: int = 0
    """Traces whose files are as they were."""

    failed: list[Left] = field(default_factory=list)
    """Sessions that could not be read; nothing kept of them before is lost."""

    alien: list[Left] = field(default_factory=list)
    """Files, of sessions that are traces, in which nothing was recognised; their bytes are kept."""

    skipped: list[Left] = field(default_factory=list)
    """Sessions that are no trace; their bytes are kept, unless they were deleted."""

    lines: LineCounts = field(default_factory=LineCounts)
    """How the lines read in this run were understood."""

    usage: UsageCount = field(default_factory=UsageCount)
    """Responses found in this run, and those that were there already."""

    source_bytes: int = 0
    """Plain bytes that were added to the bucket."""

    stored_bytes: int = 0
    """Bytes that all of it takes in the bucket, steps and envelopes included."""

    behind: str | None = None
    """Why not all of it can be found yet, in words. None: it can."""

    worktrees: set[str] = field(default_factory=set)
    """The roots of the worktrees in which kept traces began."""

    def count_kept(self, worktree: str | None) -> None:
        """Count a trace that is new, or has changed; it began in that worktree. None: in none."""
        self.kept += 1
        if worktree is not None:
            self.worktrees.add(worktree)
