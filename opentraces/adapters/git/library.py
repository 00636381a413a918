"""Objects, branches and reflogs as libgit2 reads them, which starts no process and fetches nothing.

libgit2 would read the configuration of the user and of the machine; it is told not to. Filters and
drivers are asked for nowhere. Who owns a repository is checked, as Git does.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import pygit2
from pygit2.enums import ConfigLevel, DiffFind, DiffOption, RepositoryOpenFlag

from opentraces.adapters.git.commit_object import read_commit
from opentraces.adapters.git.objects import Entry, Objects, Source, Stored, delta
from opentraces.adapters.git.place import Place, common_dir
from opentraces.adapters.git.reflogs import checked_out, read_log, read_logs, told
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.deltas import Delta
from opentraces.domain.trail.history import MOST_BYTES, CommitId, Heads, ObjectId
from opentraces.domain.trail.walk import Node, leads_to

_Read = TypeVar("_Read")

_KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_SIMILAR = 50
_MOST_RENAMES = 1000
_LEVELS = (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL, ConfigLevel.PROGRAMDATA)
_FAULTS = (pygit2.GitError, KeyError, ValueError, OSError)
_HEAD = b"HEAD"
_LOCAL = b"refs/heads/"
_REMOTE = b"refs/remotes/"
_HEX = 40


def open_library(checkout: str) -> "LibrarySource":
    """Open the repository of a checkout. Raises RepositoryUnreadable."""
    for level in _LEVELS:
        pygit2.settings.search_path[level] = ""
    try:
        repository = pygit2.Repository(checkout, RepositoryOpenFlag.NO_SEARCH)
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
        log = [*read_log(f"{self._place.git_dir}/logs/HEAD")]
        log += read_logs(f"{self._place.common_dir}/logs/refs/heads")
        logged, rewritten = told(log, self._objects.is_there)
        branches = {_short(name): commit for name, commit in sorted(targets.items())}
        return Heads(head, branch, branches, logged, rewritten)

    def head(self) -> CommitId | None:
        """See Source."""
        return self._translated(self._checked_out)[1]

    def checked_out(self, moment: int) -> CommitId | None:
        """See Source."""
        return checked_out(read_log(f"{self._place.git_dir}/logs/HEAD"), moment)

    def is_ancestor(self, commit: CommitId, of: CommitId) -> bool:
        """See Source."""
        if commit == of:
            return self._objects.node(commit) is not None
        try:
            return self._repository.descendant_of(of, commit)
        except _FAULTS:
            return leads_to(of, commit, self._objects.node)

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
        self._repository = repository
        self._store = repository.odb
        self._place = place

    def is_there(self, name: str) -> bool:
        """Whether there is such an object."""
        return len(name) == _HEX and self._store.exists(name)

    def node(self, commit: CommitId) -> Node | None:
        """Return what of a commit is needed to walk on. None: not there."""
        stored = self.read(commit)
        return read_commit(stored.data).node if stored and stored.kind == "commit" else None

    def read(self, name: str) -> Stored | None:
        """See Objects."""
        if len(name) != _HEX:
            return None
        try:
            if self._store.read_header(name)[1] > MOST_BYTES:
                return None
            kind, data = self._store.read(name)
        except (KeyError, ValueError):
            return None
        except _FAULTS as error:
            raise RepositoryUnreadable(f"{self._place.checkout}: {error}") from error
        return Stored(_KINDS.get(int(kind), ""), data)

    def compare(self, old: ObjectId | None, new: ObjectId, *, renames: bool) -> Sequence[Delta]:
        """See Objects."""
        try:
            diff = self._diff(old, new)
            if renames and _may_have_renames(diff):
                diff = self._with_renames(diff, old, new)
            return [found for each in diff.deltas if (found := _delta(each)) is not None]
        except KeyError:
            raise
        except _FAULTS as error:
            raise RepositoryUnreadable(f"{self._place.checkout}: {error}") from error

    def _diff(self, old: ObjectId | None, new: ObjectId) -> pygit2.Diff:
        tree = self._tree(new)
        flags = DiffOption.INCLUDE_TYPECHANGE | DiffOption.SKIP_BINARY_CHECK
        if old is None:
            return tree.diff_to_tree(flags=flags, swap=True)
        return self._tree(old).diff_to_tree(tree, flags=flags)

    def _with_renames(self, diff: pygit2.Diff, old: ObjectId | None, new: ObjectId) -> pygit2.Diff:
        """Find renames; only of equal files where some content is not there (partial clone)."""
        found = DiffFind.FIND_RENAMES | DiffFind.FIND_DONT_IGNORE_WHITESPACE
        try:
            diff.find_similar(found, _SIMILAR, rename_limit=_MOST_RENAMES)
        except KeyError:
            diff = self._diff(old, new)
            diff.find_similar(DiffFind.FIND_RENAMES | DiffFind.FIND_EXACT_MATCH_ONLY)
        return diff

    def _tree(self, name: ObjectId) -> pygit2.Tree:
        found = self._repository.get(name)
        if not isinstance(found, pygit2.Tree):
            raise KeyError(name)
        return found


def _may_have_renames(diff: pygit2.Diff) -> bool:
    statuses = {each.status_char() for each in diff.deltas}
    return {"A", "D"} <= statuses


def _delta(found: pygit2.DiffDelta) -> Delta | None:
    return delta(_entry(found.old_file), _entry(found.new_file))


def _entry(file: pygit2.DiffFile) -> Entry:
    return Entry(file.raw_path, int(file.mode), str(file.id))


def _short(name: bytes) -> str:
    return name.removeprefix(_LOCAL).removeprefix(_REMOTE).decode("utf-8", "replace")
