"""The worktree that a session began in."""

from opentraces.domain.envelope import TraceHeader
from opentraces.domain.header import first_moment, live_facts, told_commit
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.worktree_signs import WorktreeSource


def seen_in(
    header: TraceHeader, before: TraceHeader | None, worktrees: WorktreeSource
) -> TraceHeader:
    """Say where a session began; looks only where that is not known yet.

    What was seen stays when the folder is gone. It is looked for again when the session turns out
    to have begun earlier or elsewhere, so that it does not matter which of its files came first.
    """
    known = before.worktree if before else None
    is_same = before is not None and _beginning(before) == _beginning(header)
    folder = header.folder if header.skipped is None else None
    if folder is not None and (known is None or not is_same):
        seen = worktrees.signs(folder, first_moment(header))
        known = seen or known or _former(header, folder, worktrees)
    return header.but(worktree=known) if known else header


def _former(header: TraceHeader, folder: str, worktrees: WorktreeSource) -> WorktreeSigns | None:
    """Return a worktree that is gone, by its place. A commit that is told has to be looked up."""
    is_told = told_commit(live_facts(header.sources)) is not None
    return None if is_told else worktrees.former(folder)


def _beginning(header: TraceHeader) -> tuple[str | None, int | None]:
    return header.folder, first_moment(header)
