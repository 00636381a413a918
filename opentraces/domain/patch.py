"""A patch: one change to one file, and the commit that took it up."""

from typing import Literal

from opentraces.domain.evidence import EvidenceFirmness, EvidenceTier
from opentraces.domain.frozen import Frozen

LinkTier = Literal["tool_emitted", "tool_emitted_with_divergence", "overlapping", "orphan"]
"""What a commit holds of the trace: its very lines; its lines reworked; its files only; nothing."""


class GitAnchor(Frozen):
    """The result of looking for a patch in history.

    Three states: no anchor at all (nobody looked), not found, found.
    """

    last_searched_at: str
    """ISO 8601: the moment up to which history was searched."""

    found: bool
    """Whether a commit holds the patch. If not, every field below is None."""

    commit_sha: str | None = None
    """Full id of the commit that first holds it; None: not found."""

    path: str | None = None
    """The file's path in that commit, relative to its root, with `/`: another one than the patch's
    after a rename; None: not found."""

    blob_sha: str | None = None
    """Git's id of the file's content in that commit; None: not found."""

    git_patch_id: str | None = None
    """The stable patch-id of the commit's diff, the same after a rebase; None: not found, or not
    computed because stronger evidence made it needless."""

    evidence_tier: EvidenceTier | None = None
    """What ties them; None: not found."""

    evidence_firmness: EvidenceFirmness | None = None
    """How that evidence came about; None: not found."""


class Patch(Frozen):
    """One change to one file, made by one tool call.

    Source: derived at capture from the tool call's arguments and its result, or, for a change no
    edit explains, from the worktree at the next boundary. The change itself is in the trail.
    """

    patch_id: str
    """64 hex digits: the SHA-256 of what the patch says."""

    file_path: str
    """The file when it was changed: relative to the worktree's root with `/`; absolute outside it
    or where the root is unknown."""

    step_index: int | None = None
    """`Step.step_index` of the call that made it; None: found at a boundary, made by no one step
    that we know."""

    tool_call_id: str | None = None
    """`ToolCall.tool_call_id` of that call; None: as above, or the agent gave the call no id."""

    capture_method: tuple[str, ...] = ()
    """How it was learnt, every way that agrees; empty: a record of others that does not say."""

    snapshot_before_id: str | None = None
    """Where the file's content before the change is kept; None: it is not kept, or there was no
    file (the trail tells which)."""

    snapshot_after_id: str | None = None
    """Where the file's content after the change is kept; None: it is not kept, or the file was
    deleted (the trail tells which)."""

    anchor: GitAnchor | None = None
    """The commit that took it up, as far as was searched; None: nobody searched yet."""

    superseded_by: tuple[str, ...] = ()
    """Full ids of the commits that held it before an amend, rebase or squash, newest first."""

    limitations: tuple[str, ...] = ()
    """What is not known about it, as short fixed words, sorted; empty: nothing is amiss."""


class GitLink(Frozen):
    """A commit that the trace had a part in. Derived from the anchors of its patches."""

    vcs_type: Literal["git", "jj"] = "git"
    """The version control system that `revision` belongs to."""

    revision: str
    """Full commit id, or change id for `jj`."""

    repo_url: str | None = None
    """Address of the repository's remote, without credentials; None: it has none, or unknown."""

    branch: str | None = None
    """A branch that held the commit when it was found; None: none did, or nobody asked."""

    tier: LinkTier
    """What the commit holds of the trace: the strongest of its patches decides."""

    commit_reachable: bool | None = None
    """Whether a ref still leads to it; None: not asked. Computed when read, never kept."""

    content_alive: bool | None = None
    """Whether its lines are still in HEAD; None: not asked. Computed when read, never kept."""
