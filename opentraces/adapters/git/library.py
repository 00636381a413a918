"""Objects, branches and reflogs as libgit2 reads them, which starts no process and fetches nothing.

libgit2 would read the configuration of the user and of the machine; it is told not to. Filters and
drivers are asked for nowhere. Who owns a repository is checked, as Git does. What is no pack is
read without it.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import pygit2
from pygit2.enums import ConfigLevel, RepositoryOpenFlag

from opentraces.adapters.git.loose import read_loose
from opentraces.adapters.git.objects import Objects, Source, Stored
from opentraces.adapters.git.place import Place, common_dir
from opentraces.adapters.git.reflogs import Logged, checked_out, read_log, read_logs, told
from opentraces.domain.errors import RepositoryUnreadable, SourceGone
from opentraces.domain.trail.history import MOST_BYTES, CommitId, Heads

_Read = TypeVar("_Read")

_KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_ID = re.compile(r"[0-9a-f]{40}")
_LEVELS = (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL, ConfigLevel.PROGRAMDATA)
_FAULTS = (pygit2.GitError, KeyError, ValueError, OSError)
_HEAD = b"HEAD"
_LOCAL = b"refs/heads/"
_REMOTE = b"refs/remotes/"


def open_library(checkout: str) -> "LibrarySource":
    """Open the repository of a checkout. Raises RepositoryUnreadable."""
    for level in _LEVELS:
        pygit2.settings.search_path[level] = ""
    try:
        repository = pygit2.Repository(checkout, RepositoryOpenFlag.NO_SEARCH)
        repository.lookup_reference("HEAD")
    except _FAULTS as error:
        raise RepositoryUnreadable(f"{checkout}: {error}") from error
    git_dir = repository.path.rstrip("/")
    return LibrarySource(repository, Place(checkout, git_dir, common_dir(git_dir)))


class LibrarySource(Source):
    """See Source."""

    def __init__(self, repository: pygit2.Repository, place: Place) -> None:
        self._place = place
        self._repository = repository
        self._objects = LibraryObjects(repository, place)

    @property
    def place(self) -> Place:
        """See Source."""
        return self._place

    def objects(self) -> AbstractContextManager[Objects]:
        """See Source."""
        return nullcontext(self._objects)

    def heads(self) -> Heads:
        """See Source."""
        targets = self._translated(self._targets)
        branch, head = self._translated(self._checked_out)
        log = [*self.head_log()]
        log += read_logs(f"{self._place.common_dir}/logs/refs/heads")
        logged, rewritten = told(log, self._objects.is_there)
        branches = {_short(name): commit for name, commit in sorted(targets.items())}
        return Heads(head, branch, branches, logged, rewritten)

    def head(self) -> CommitId | None:
        """See Source."""
        return self._translated(self._checked_out)[1]

    def checked_out(self, moment: int) -> CommitId | None:
        """See Source."""
        return checked_out(self.head_log(), moment)

    def head_log(self) -> Sequence[Logged]:
        """See Source."""
        return read_log(f"{self._place.git_dir}/logs/HEAD")

    def _checked_out(self) -> tuple[str | None, CommitId | None]:
        """Return the branch and the commit."""
        head = self._repository.lookup_reference("HEAD")
        if not isinstance(head.raw_target, bytes):
            return None, CommitId(str(head.raw_target))
        is_unborn = self._repository.head_is_unborn
        return _short(head.raw_target), None if is_unborn else CommitId(str(head.resolve().target))

    def _targets(self) -> dict[bytes, CommitId]:
        return {
            reference.raw_name: CommitId(str(reference.raw_target))
            for reference in self._repository.references.iterator()
            if reference.raw_name.startswith((_LOCAL, _REMOTE))
            and not isinstance(reference.raw_target, bytes)
        }

    def _translated(self, read: Callable[[], _Read]) -> _Read:
        try:
            return read()
        except _FAULTS as error:
            raise RepositoryUnreadable(f"{self._place.checkout}: {error}") from error


class LibraryObjects(Objects):
    """See Objects."""

    def __init__(self, repository: pygit2.Repository, place: Place) -> None:
        self._packed = repository.odb
        self._place = place

    def is_there(self, name: str) -> bool:
        """Whether there is such an object."""
        return _ID.fullmatch(name) is not None and self._packed.exists(name)

    def read(self, name: str) -> Stored | None:
        """See Objects."""
        if not _ID.fullmatch(name):
            return None
        try:
            return read_loose(self._place.objects, name)
        except SourceGone:
            return self._read_packed(name)

    def _read_packed(self, name: str) -> Stored | None:
        """Read an object of a pack. None: it is not there, or damaged, or larger."""
        try:
            if self._packed.read_header(name)[1] > MOST_BYTES:
                return None
            kind, data = self._packed.read(name)
        except (pygit2.GitError, KeyError, ValueError):
            return None
        return Stored(_KINDS.get(int(kind), ""), data)


def _short(name: bytes) -> str:
    return name.removeprefix(_LOCAL).removeprefix(_REMOTE).decode("utf-8", "replace")
