"""What the readers of a repository's objects have in common."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from opentraces.adapters.git.place import Place
from opentraces.domain.trail.deltas import Delta
from opentraces.domain.trail.history import CommitId, FileBefore, Heads, ObjectId

MODE_KIND = 0o170000
MODE_REGULAR = 0o100000


class Stored(NamedTuple):
    """One object."""

    kind: str
    """`commit`, `tree`, `blob` or `tag`."""

    data: bytes
    """Its content."""


class Entry(NamedTuple):
    """One side of what differs between two trees."""

    path: bytes
    """From the root of the tree."""

    mode: int
    """As the tree has it; 0: nothing is there."""

    blob: str
    """Full id of the content."""


class Objects(Protocol):
    """The objects of one repository. What cannot be understood raises RepositoryUnreadable."""

    @abstractmethod
    def read(self, name: str) -> Stored | None:
        """Return an object by its full id. None: not there, or larger than `MOST_BYTES`."""

    @abstractmethod
    def compare(self, old: ObjectId | None, new: ObjectId, *, renames: bool) -> Sequence[Delta]:
        """Return which regular files differ between two trees; `old`, None: an empty one.

        `renames`: a file that went and one that came are one, if half of it is the same.
        Raises KeyError: one of the trees is not there.
        """


class Source(Protocol):
    """One repository, before anything of it is read."""

    @property
    @abstractmethod
    def place(self) -> Place:
        """Where it is."""

    @abstractmethod
    def objects(self) -> AbstractContextManager[Objects]:
        """Return what reads the objects, for as long as it is wanted."""

    @abstractmethod
    def heads(self) -> Heads:
        """Return where its branches and reflogs are."""

    @abstractmethod
    def head(self) -> CommitId | None:
        """Return what is checked out. None: no commit yet."""

    @abstractmethod
    def checked_out(self, moment: int) -> CommitId | None:
        """Return what HEAD's reflog has for a moment."""

    @abstractmethod
    def is_ancestor(self, commit: CommitId, of: CommitId) -> bool:
        """Whether a commit is in the history of another."""


def delta(old: Entry, new: Entry) -> Delta | None:
    """Return what differs as far as it is regular files and their content; None: nothing."""
    before, after = _regular(old), _regular(new)
    return Delta(before, after) if before != after else None


def _regular(entry: Entry) -> FileBefore | None:
    if entry.mode & MODE_KIND != MODE_REGULAR:
        return None
    return FileBefore(entry.path.decode("utf-8", "replace"), ObjectId(entry.blob))
