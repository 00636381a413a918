"""Worktrees that we make, for a session to go on in.

Git itself would write their files through filters, which the repository's configuration names. So
it only adds an empty worktree, and what is in the commit is written here, as it is stored.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.commit_object import read_commit
from opentraces.adapters.git.new_files import NewFiles
from opentraces.adapters.git.objects import Objects
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.tree_files import Entry, Kind, entries
from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable, StorageUnavailable
from opentraces.domain.resuming.file_states import FileState
from opentraces.domain.trail.history import CommitId
from opentraces.ports.worktrees import Worktrees

_ODD = (errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EEXIST, errno.EINVAL)
"""Something else is in the way of a file, or no file can have such a name; the disk is well."""


class GitWorktrees(Worktrees):
    """See Worktrees."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git

    def adding(self, checkout: str, folder: str, commit: CommitId) -> tuple[str, ...]:
        """See Worktrees."""
        return ("git", "-C", checkout, *_added(folder, commit))

    def add(self, checkout: str, folder: str, commit: CommitId, inner: str = "") -> tuple[str, ...]:
        """See Worktrees. Line ends, too, are as they are stored."""
        source = GitRepositories(self._git).source(checkout)
        with source.objects() as objects, _translated(folder):
            stored = objects.read(commit)
            if stored is None or stored.kind != "commit":
                raise NoSuchRevision(f"{commit} is no commit of {checkout}")
            _make_private(Path(folder).parent)
            self._run(checkout, *_added(folder, commit))
            try:
                self._run(folder, "read-tree", "--no-sparse-checkout", commit)
                left = [*self._filled(checkout, folder, objects, read_commit(stored.data).tree)]
                if inner:
                    with _noted(inner, left):
                        NewFiles(folder).folder(os.fsencode(inner))
                return tuple(left)
            except BaseException:
                self._git.run(checkout, ("worktree", "remove", "--force", folder))
                raise

    def put(self, folder: str, files: Iterable[FileState]) -> tuple[str, ...]:
        """See Worktrees."""
        place = NewFiles(folder)
        left: list[str] = []
        with _translated(folder):
            for file in files:
                path = os.fsencode(file.path)
                with _noted(file.path, left):
                    if file.content is None:
                        place.remove(path)
                    else:
                        place.put(path, file.content)
        return tuple(left)

    def _filled(self, checkout: str, folder: str, objects: Objects, tree: str) -> Iterator[str]:
        """Write the files of a tree; yield those that could not be."""
        place = NewFiles(folder)
        for entry in entries(objects, tree):
            left: list[str] = []
            with _noted(os.fsdecode(entry.path), left):
                if not self._write(checkout, place, objects, entry):
                    left.append(os.fsdecode(entry.path))
            yield from left

    def _write(self, checkout: str, place: NewFiles, objects: Objects, entry: Entry) -> bool:
        if entry.kind is Kind.REPOSITORY:
            place.folder(entry.path)
            return True
        data = self._content(checkout, objects, entry.name)
        if entry.kind is Kind.MISSING or data is None:
            return False
        if entry.kind is Kind.LINK:
            place.link(entry.path, data)
        else:
            place.put(entry.path, data, is_executable=entry.is_executable)
        return True

    def _content(self, checkout: str, objects: Objects, name: str) -> bytes | None:
        """Return what a file holds; one that is too large to be looked at is asked of Git."""
        stored = objects.read(name)
        if stored is not None:
            return stored.data if stored.kind == "blob" else None
        return self._git.run(checkout, ("cat-file", "blob", name)).output

    def _run(self, folder: str, *arguments: str) -> None:
        answer = self._git.run(folder, arguments)
        if answer.output is None:
            raise RepositoryUnreadable(f"{folder}: {answer.said or 'git cannot do it'}")


def _added(folder: str, commit: str) -> tuple[str, ...]:
    return ("worktree", "add", "--detach", "--no-checkout", folder, commit)


def _make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, for nobody else to look into."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def _noted(path: str, left: list[str]) -> Iterator[None]:
    """Note a file that something is in the way of."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.errno not in _ODD:
            raise
        left.append(path)


@contextmanager
def _translated(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"{folder}: {error.strerror or error}") from error
