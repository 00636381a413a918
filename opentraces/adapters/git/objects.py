"""What the readers of a repository's objects have in common."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from opentraces.adapters.git.place import Place
from opentraces.adapters.git.reflogs import Logged
from opentraces.domain.trail.history import CommitId, Heads


class Stored(NamedTuple):
    """One object."""

    kind: str
    """`commit`, `tree`, `blob` or `tag`."""

    data: bytes
    """Its content."""


class Objects(Protocol):
    """The objects of one repository. What cannot be understood raises RepositoryUnreadable."""

    @abstractmethod
    def read(self, name: str) -> Stored | None:
        """Return an object by its full id. None: not there, damaged, larger than `MOST_BYTES`."""


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
    def head_log(self) -> Sequence[Logged]:
        """Return HEAD's reflog, the oldest entry first."""
