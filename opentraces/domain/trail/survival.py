"""What became of lines after they were committed."""

from collections.abc import Iterable
from typing import Literal

from opentraces.domain.trail.history import Commit

State = Literal["alive", "partial", "reverted", "lost"]
"""All are there; some are; a revert took all; all are gone otherwise."""


def state_of(kept: int, written: int, *, is_reverted: bool) -> State:
    """Return what to call it when `kept` of `written` lines are there."""
    if kept:
        return "alive" if kept >= written else "partial"
    return "reverted" if is_reverted else "lost"


def followed(path: str, commits: Iterable[Commit]) -> list[str]:
    """Return the names that a file had from some commit on, latest first; parents stand first."""
    names = [path]
    for change in (change for commit in commits for change in commit.changes):
        if change.blob is not None and change.before and change.before[0].path == names[0]:
            names = [change.path, *names] if change.path != names[0] else names
    return names
