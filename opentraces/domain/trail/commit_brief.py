"""What a list of commits says of one."""

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId


@frozen_dataclass
class CommitBrief:
    """A commit, as lists of commits have it."""

    commit: CommitId
    """Its id."""

    parents: tuple[CommitId, ...]
    """None for a first one, and for one whose parents were not fetched (shallow)."""

    committed: int
    """When it was made, in seconds since 1970."""

    subject: str
    """First line of its message."""
