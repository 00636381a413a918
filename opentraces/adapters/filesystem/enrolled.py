"""Whether enrolment has anything to follow up, told without reading what is enrolled.

Asked by every command, so it imports next to nothing, and costs nothing where nothing is enrolled.
"""

import os
from pathlib import Path

from opentraces.adapters.filesystem.repositories import (
    checkout_above,
    named_repository,
    worktrees_to_list,
)
from opentraces.adapters.filesystem.tree import Tree

LISTS = "enrolled"
"""The folder of the lists that hooks read, in the state folder."""


def is_settled(home: Path, folder: Path) -> bool:
    """Whether the lists are in line, and the repository around `folder` adds nothing to them.

    It may, when the number of its folder stands in projects.json and a worktree of it in no list.
    """
    truth = age(home / "projects.json")
    lists = home / "state" / LISTS
    try:
        files = [file for file in lists.iterdir() if not file.name.startswith(".")]
        if truth is None and not files:
            return True
        if not files or any(age(file) != truth or not file.is_file() for file in files):
            return False
        listed = b"".join(file.read_bytes() for file in files).split(b"\n")
        return _is_known(folder, listed, home)
    except OSError:
        return truth is None


def listed_folders(state: Path, agent: str) -> tuple[str, ...]:
    """Return the folders that an agent's hooks find listed, sorted. Raises StorageUnavailable."""
    stored = Tree(state).read(f"{LISTS}/{agent}") or b""
    return tuple(sorted(os.fsdecode(line) for line in stored.split(b"\n") if line))


def age(file: Path) -> int | None:
    """Return when a file was written, in nanoseconds. None: it is not there."""
    try:
        return file.lstat().st_mtime_ns
    except OSError:
        return None


def _is_known(folder: Path, listed: list[bytes], home: Path) -> bool:
    own = checkout_above(folder)
    repository = named_repository(own) if own is not None else None
    if own is None or repository is None:
        return True
    if all(bytes(path) in listed for path in worktrees_to_list(own)):
        return True
    number = b'"inode": %d' % repository.stat().st_ino
    projects = home / "projects.json"
    return projects.is_file() and number not in projects.read_bytes()
