"""The folders of a Git checkout and of its worktrees, read as plain files.

What stands in a repository may have been put there by anybody. So nothing is run, reads are
bounded, nothing but a regular file is read, and a folder counts as a worktree only if
repository and worktree name each other: neither can speak for a third.
"""

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_LONGEST = 8192
_MOST_WORKTREES = 10_000
_POINTER = "gitdir: "
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def worktrees_of(folder: Path) -> tuple[Path, ...]:
    """Return the folders of the Git checkout around `folder`: its own first, then the others.

    Absolute, without symbolic links. Empty: `folder` is in no repository. A submodule, or any
    checkout whose repository does not name it, stands for itself alone.
    """
    own = _checkout_around(folder)
    if own is None:
        return ()
    repository = repository_of(own)
    if repository is None:
        return (own,)
    main = [repository.parent] if repository.name == ".git" else []
    return tuple(dict.fromkeys([own, *main, *sorted(_linked(repository))]))


def _checkout_around(folder: Path) -> Path | None:
    start = _real(folder)
    return next((place for place in (start, *start.parents) if _is_checkout(place)), None)


def _is_checkout(folder: Path) -> bool:
    return pointer_of(folder) is not None or os.path.lexists(folder / ".git" / "HEAD")


def repository_of(checkout: Path) -> Path | None:
    """Return the folder that holds the objects; None: nothing there names this checkout."""
    pointer = pointer_of(checkout)
    if pointer is None:
        return _real(checkout / ".git")
    shared = _line(pointer / "commondir")
    if shared is None or _worktree_named_by(pointer) != checkout:
        return None
    repository = _real(pointer / shared)
    return repository if pointer.parent == repository / "worktrees" else None


def worktrees_named(repository: Path) -> Iterator[Path]:
    """Yield the worktrees that a repository names, whether or not they are there."""
    for record in _records(repository):
        worktree = _worktree_named_by(record)
        if worktree is not None:
            yield worktree


def _linked(repository: Path) -> Iterator[Path]:
    """Yield the worktrees that the repository names, and that name it."""
    for record in _records(repository):
        worktree = _worktree_named_by(record)
        if worktree is not None and pointer_of(worktree) == record:
            yield worktree


def _records(repository: Path) -> Iterator[Path]:
    try:
        with os.scandir(repository / "worktrees") as entries:
            names = [entry.name for entry in islice(entries, _MOST_WORKTREES)]
    except OSError:
        return
    yield from (repository / "worktrees" / name for name in names)


def _worktree_named_by(record: Path) -> Path | None:
    """Return the folder whose `.git` a record in `.git/worktrees` names."""
    line = _line(record / "gitdir")
    return None if line is None else _real((record / line).parent)


def pointer_of(checkout: Path) -> Path | None:
    """Return the folder that a checkout's `.git` names, if it is a file that names one."""
    line = _line(checkout / ".git")
    if line is None or not line.startswith(_POINTER):
        return None
    return _real(checkout / line.removeprefix(_POINTER))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _line(path: Path) -> str | None:
    """Return what a small regular file says, without its line end; None for any other."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError:
        return None
    try:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        data = os.read(descriptor, _LONGEST + 1) if is_file else b""
    finally:
        os.close(descriptor)
    line = data.rstrip(b"\r\n")
    return None if len(data) > _LONGEST or b"\0" in data or not line else os.fsdecode(line)
