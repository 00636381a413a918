"""Which repository a checkout is of, read as plain files and believed of nobody without proof."""

import os
import stat
from pathlib import Path

from opentraces.adapters.filesystem.checkouts import pointer_of, repository_of, worktrees_of


def checkout_above(folder: Path) -> Path | None:
    """Return the first folder upwards that has a `.git` of any kind, as hooks look for it.

    None: there is none, so the folder is in no repository. Raises OSError when the disk does not
    say: what is enrolled must not depend on that.
    """
    start = Path(os.path.realpath(folder))
    return next((p for p in (start, *start.parents) if _is_there(p / ".git")), None)


def named_repository(checkout: Path) -> Path | None:
    """Return the folder of the objects of a checkout's repository; None: it is not sure.

    The checkout's own `.git`, where that is a folder and no link to one; the repository that
    names it as a worktree; of a submodule, the folder in the repository around it.
    """
    pointer = pointer_of(checkout)
    if pointer is None:
        place = checkout / ".git"
        return place if stat.S_ISDIR(os.lstat(place).st_mode) else None
    repository = repository_of(checkout)
    if repository is None and _is_module_around(checkout, pointer):
        repository = pointer
    return repository if repository is not None and repository.is_dir() else None


def worktrees_to_list(checkout: Path) -> tuple[Path, ...]:
    """Return a checkout and the other worktrees of its repository, if it has one for sure.

    Of the others only the user's own, and none whose path would not fit on a line.
    """
    others = (path for path in worktrees_of(checkout) if path != checkout)
    return (checkout, *(path for path in others if "\n" not in str(path) and is_ours(path)))


def is_ours(path: Path) -> bool:
    """Whether it belongs to the user who runs us."""
    return path.lstat().st_uid == os.geteuid()


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    return True


def _is_module_around(checkout: Path, pointer: Path) -> bool:
    """Whether the pointer leads to where the repository around the checkout keeps submodules."""
    outer = checkout_above(checkout.parent)
    around = named_repository(outer) if outer is not None else None
    if around is None or not pointer.is_relative_to(around):
        return False
    inner = pointer.relative_to(around).parts
    below = inner[2:] if inner[:1] == ("worktrees",) else inner
    return len(below) > 1 and below[0] == "modules"
