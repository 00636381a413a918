"""The lines of a trail: what happened to files, and what became of it. Only ever added to.

A later event about the same thing replaces the earlier one: of a patch by its id, of an anchor by
patch, repository, commit and path, of a manifest by repository, commit and path, of a search by
repository, of a survival by patch and repository, of the start by the trace. So an event that is
written twice does no harm.
"""

from typing import Annotated, Literal

from opentraces.domain.dependencies.pin_rows import PinRow
from opentraces.domain.evidence import EvidenceFirmness, EvidenceTier
from opentraces.domain.field_bounds import Between
from opentraces.domain.frozen import Count, Frozen
from opentraces.domain.limits import LARGEST_COUNT
from opentraces.domain.trail.file_change import FileChange
from opentraces.domain.trail.start import DirtyFile
from opentraces.domain.trail.survival import State

_Number = Annotated[int, Between(1, LARGEST_COUNT)]

Lines = tuple[_Number, _Number]
"""First and last line of a run, from 1, both included."""


class PatchCreated(Frozen):
    """A tool call changed a file."""

    event: Literal["patch_created"] = "patch_created"
    """What kind of event it is."""

    patch_id: str
    """64 hex digits: see `patch_id_of`."""

    step_index: Count
    """The step that made the call; 0: made by no one step that we know."""

    change: FileChange
    """What it did to the file."""


class StateObserved(Frozen):
    """A tool call was shown a whole file, which tells what it held then."""

    event: Literal["state_observed"] = "state_observed"
    """What kind of event it is."""

    step_index: Count
    """The step that made the call."""

    change: FileChange
    """What it saw; `after` is where the content is kept."""


class ManifestObserved(Frozen):
    """The commit that a session began at holds a manifest or a lock file.

    Only what it says is kept: Git keeps the file.
    """

    event: Literal["manifest_observed"] = "manifest_observed"
    """What kind of event it is."""

    repository: str
    """The repository: see `repository_key`."""

    commit: str
    """Full id of the commit."""

    path: str
    """The file, from the root of the repository, with `/`."""

    blob: str
    """Git's id of the file's content."""

    names: tuple[str, ...] = ()
    """Packages that the project asks for itself, sorted."""

    pins: tuple[PinRow, ...] | None = None
    """Exact versions, sorted. None: the file is not of the kind that has them."""


class AnchorSearched(Frozen):
    """The history of a repository was searched for the trace's patches."""

    event: Literal["anchor_searched"] = "anchor_searched"
    """What kind of event it is."""

    repository: str
    """The repository: see `repository_key`."""

    until: str
    """ISO 8601 in UTC: when the newest commit was made that was searched; of no wall clock."""

    tips: tuple[str, ...]
    """Full ids of the commits from which it was searched, sorted."""


class Anchored(Frozen):
    """A commit holds lines of a patch."""

    event: Literal["anchored"] = "anchored"
    """What kind of event it is."""

    patch_id: str
    """Which patch."""

    repository: str
    """The repository: see `repository_key`."""

    commit: str
    """Full id."""

    committed: str
    """ISO 8601 in UTC: when the commit was made."""

    path: str
    """The file in that commit."""

    blob: str
    """Git's id of the file's content in that commit."""

    tier: EvidenceTier
    """What ties them."""

    firmness: EvidenceFirmness = "firm_observed"
    """How that evidence came about."""

    lines: tuple[Lines, ...]
    """Lines of the file in that commit which the patch wrote, ascending. Empty: taken back; what
    came to be known later leaves no evidence."""

    carried_from: str | None = None
    """Full id of the commit that this one repeats, after a rebase or a cherry-pick. None: it
    repeats none that we know."""

    branch: str | None = None
    """A branch that held the commit when it was found. None: none did."""

    subject: str | None = None
    """First line of the commit's message. None: an earlier release wrote this down."""


class Superseded(Frozen):
    """No branch leads to a commit any more; another is in its place, by the trace's own lines."""

    event: Literal["superseded"] = "superseded"
    """What kind of event it is."""

    repository: str
    """The repository: see `repository_key`."""

    commit: str
    """Full id of the one that was replaced."""

    by: str
    """Full id of the one in its place."""


class SurvivalObserved(Frozen):
    """What of a patch was still in the files of a commit."""

    event: Literal["survival_observed"] = "survival_observed"
    """What kind of event it is."""

    patch_id: str
    """Which patch."""

    repository: str
    """The repository: see `repository_key`."""

    head: str
    """Full id of the commit."""

    kept: Count
    """Lines of it that were there."""

    written: Count
    """Lines of it that ever were in a commit."""

    state: State
    """What to call that."""


class StartObserved(Frozen):
    """What was not committed in the worktree when the session began."""

    event: Literal["start_observed"] = "start_observed"
    """What kind of event it is."""

    worktree: str
    """Its root, absolute."""

    commit: str | None
    """Full id of the commit that was checked out then. None: there was none yet."""

    observed: str
    """ISO 8601 in UTC: when Git was asked, after the session had begun."""

    files: tuple[DirtyFile, ...]
    """What differed from that commit, by path; at most `start.MOST_FILES`."""

    is_whole: bool
    """Whether that is all: of a file that was written since by no tool it is not known."""


TrailEvent = (
    PatchCreated
    | StateObserved
    | ManifestObserved
    | AnchorSearched
    | Anchored
    | Superseded
    | SurvivalObserved
    | StartObserved
)
"""Any of them."""
