"""What a commit holds of patches, and where that cannot be said."""

from enum import StrEnum

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId, ObjectId


class Reason(StrEnum):
    """Why nobody is named for a line. A closed list."""

    NO_SESSION_AT_TIME = "no_session_at_time"
    """No session that is kept had touched the file before the commit."""

    SCRIPT_WRITTEN = "script_written"
    """A command changed the file, and not a tool that says what it writes."""

    AMBIGUOUS = "ambiguous"
    """Several may have written it, or the same text stood there before."""

    SOURCE_MISSING = "source_missing"
    """What a session's call wrote into the file is not kept."""

    REWRITTEN = "rewritten"
    """Somebody else changed the line after the session, or wrote it."""

    NOT_ENOUGH_TEXT = "not_enough_text"
    """The line is too short to tell, and so is what stands beside it."""


@frozen_dataclass
class Credit:
    """Lines of a commit that a patch wrote."""

    patch: str
    """The id of the patch."""

    commit: CommitId
    """The commit that added them."""

    path: str
    """The file in that commit."""

    blob: ObjectId
    """Its content there."""

    tier: EvidenceTier
    """What ties them."""

    lines: tuple[int, ...]
    """Numbers of lines in that file, from 1, ascending; never empty."""

    carried_from: CommitId | None = None
    """The commit that this one repeats. None: none that we know."""
