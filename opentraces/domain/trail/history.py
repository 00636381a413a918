"""What Git knows: commits, what they changed, and where lines came from."""

from dataclasses import dataclass, field
from typing import NewType

CommitId = NewType("CommitId", str)
"""Full id of a commit: 40 or 64 lower-case hex digits."""

ObjectId = NewType("ObjectId", str)
"""Full id of a file's content: likewise."""


@dataclass(frozen=True, slots=True)
class FileBefore:
    """A file in a parent of a commit."""

    path: str
    """Another one than in the commit after a rename."""

    blob: ObjectId
    """Its content."""


@dataclass(frozen=True, slots=True)
class PathChange:
    """A regular file that a commit changed, and where it came from. No links, no submodules."""

    path: str
    """In the commit; of a deleted file, in its parent. Bytes that are no UTF-8 are replaced."""

    blob: ObjectId | None
    """Its content in the commit. None: the commit deleted it."""

    before: tuple[FileBefore, ...] = ()
    """The file in each parent that had it, renames followed for the first; empty: it is new. A
    merge lists only files that differ from all its parents."""


@dataclass(frozen=True, slots=True)
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
    """Against its parents, by path."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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

    text: str
    """The line, without its newline."""
