"""The port to worktrees that we make: a repository as it was."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Protocol

from opentraces.domain.resuming.file_states import FileState
from opentraces.domain.trail.history import CommitId


class Worktrees(Protocol):
    """Makes worktrees. Contract: tests/contracts/worktrees.py.

    Of the repository only its list of worktrees is written: no object, no branch, none of its
    files. Nothing that it names is run or fetched, and in the new worktree no link is followed.
    """

    @abstractmethod
    def adding(self, checkout: str, folder: str, commit: CommitId) -> tuple[str, ...]:
        """Return the command that makes a worktree, for people; `add` writes its files itself."""

    @abstractmethod
    def add(self, checkout: str, folder: str, commit: CommitId, inner: str = "") -> tuple[str, ...]:
        """Make a worktree with the files of a commit, on no branch; folders above are made.

        `folder`: absolute, and not there yet; `inner`: a folder in it that is made, too, where the
        commit has nothing in it. Returns the files that could not be had, by path: they are not on
        this machine, or have names that no checkout has; and `inner`, if something else is there.
        Nothing half made is left.

        Raises NoSuchRevision: the commit is not there; RepositoryUnreadable, StorageUnavailable.
        """

    @abstractmethod
    def put(self, folder: str, files: Iterable[FileState]) -> tuple[str, ...]:
        """Let files hold what they held; returns those that could not be written, by path.

        Raises StorageUnavailable.
        """
