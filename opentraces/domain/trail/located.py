"""Where a file is in its worktree."""

from collections.abc import Iterable

from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Located:
    """A file of a worktree."""

    worktree: str
    """Its root, absolute."""

    path: str
    """The file, relative to that root, with `/`."""


def located(path: str, worktrees: Iterable[str]) -> Located | None:
    """Return where an absolute path is: in the innermost of the worktrees around it.

    None: it is in none of them, or is no path that could be.
    """
    if ".." in path.split("/"):
        return None
    around = [root for root in worktrees if path.startswith(f"{root.rstrip('/')}/")]
    root = max(around, key=len, default=None)
    return Located(root, path[len(root.rstrip("/")) + 1 :]) if root is not None else None
