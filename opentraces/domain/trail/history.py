"""What Git knows: commits, what they changed, and where lines came from."""

import re
from dataclasses import field
from typing import NewType

from opentraces.domain.slotted import frozen_dataclass

CommitId = NewType("CommitId", str)
"""Full id of a commit: 40 or 64 lower-case hex digits."""

ObjectId = NewType("ObjectId", str)
"""Full id of a file's content: likewise."""


MOST_BYTES = 16 * 1024 * 1024
"""A larger file is passed over: nobody reads it by lines."""

_REVERTED = re.compile(r"^This reverts commit ([0-9a-f]{64}|[0-9a-f]{40})\b", re.MULTILINE)


def reverted_by(message: str) -> CommitId | None:
    """Return the commit that a message, as Git writes it, says to be taken back; else None."""
    found = _REVERTED.search(message)
    return CommitId(found[1]) if found else None


@frozen_dataclass
class FileBefore:
    """A file in a parent of a commit."""

    path: str
    """Another one than in the commit after a rename."""

    blob: ObjectId
    """Its content."""


@frozen_dataclass
class PathChange:
    """A regular file that a commit changed, and where it came from. No links, no submodules."""

    path: str
    """In the commit; of a deleted file, in its parent. Bytes that are no UTF-8 are replaced."""

    blob: ObjectId | None
    """Its content in the commit. None: the commit deleted it."""

    before: tuple[FileBefore, ...] = ()
    """The file in each parent that had it, renames followed; empty: it is new. A merge lists only
    files that differ from all its parents."""


@frozen_dataclass
class Commit:
    """One commit."""

    commit: CommitId
    """Its id."""

    parents: tuple[CommitId, ...]
    """None for a first one."""

    author: str
    """`name <address>` of who wrote it."""

    authored: int
    """When it was first written, in seconds since 1970: kept by amend, rebase and cherry-pick."""

    committed: int
    """When this commit was made, in seconds since 1970."""

    subject: str
    """First line of its message."""

    changes: tuple[PathChange, ...] = ()
    """Against its parents, by path; a new mode is none. Empty, too, where that cannot be told: a
    parent, or a list of files, is not there (shallow, partial)."""

    reverts: CommitId | None = None
    """The commit that its message says to be taken back. None: it says nothing of the kind."""


@frozen_dataclass
class Heads:
    """Where a repository's branches and reflogs are."""

    head: CommitId | None = None
    """What is checked out. None: no commit yet."""

    branch: str | None = None
    """The branch that is checked out. None: detached."""

    branches: dict[str, CommitId] = field(default_factory=dict)
    """Local and remote branches (`main`, `origin/main`), and what they lead to."""

    logged: frozenset[CommitId] = frozenset()
    """Commits that the reflogs of HEAD and of branches name, as far as they are there."""

    rewritten: dict[CommitId, CommitId] = field(default_factory=dict)
    """Commits that were replaced, and by which, as the reflogs tell (amend)."""

    @property
    def leading(self) -> frozenset[CommitId]:
        """What is checked out, and what branches lead to."""
        named = {*self.branches.values(), self.head}
        return frozenset(each for each in named if each is not None)


@frozen_dataclass
class BlamedLine:
    """Where one line of a file came from."""

    commit: CommitId | None
    """The commit that brought it. None: not committed."""

    line: int
    """Its number in that commit's file, from 1."""

    path: str
    """The file in that commit."""

    authored: int
    """When that commit was first written, in seconds since 1970; 0: not committed."""

    committed: int
    """When that commit was made, in seconds since 1970; 0: not committed."""

    text: str
    """The line, without its newline."""
