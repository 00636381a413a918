"""Worktrees that we make, in dicts."""

from collections.abc import Iterable, Mapping

from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable
from opentraces.domain.resuming.file_states import FileState
from opentraces.domain.trail.history import CommitId
from opentraces.ports.worktrees import Worktrees


class MemoryNewWorktrees(Worktrees):
    """See Worktrees: of given repositories, by their checkouts. `made` holds what was made."""

    def __init__(self, repositories: Mapping[str, MemoryRepository] | None = None) -> None:
        self.repositories = dict(repositories or {})
        self.made: dict[str, dict[str, bytes]] = {}

    def adding(self, checkout: str, folder: str, commit: CommitId) -> tuple[str, ...]:
        """See Worktrees."""
        return ("git", "-C", checkout, "worktree", "add", folder, commit)

    def add(self, checkout: str, folder: str, commit: CommitId, inner: str = "") -> tuple[str, ...]:
        """See Worktrees."""
        if checkout not in self.repositories:
            raise RepositoryUnreadable(f"{checkout}: there is no repository")
        files = self.repositories[checkout].files_of(commit)
        if files is None:
            raise NoSuchRevision(f"{commit} is no commit of {checkout}")
        self.made[folder] = dict(files)
        return (inner,) if inner in files else ()

    def put(self, folder: str, files: Iterable[FileState]) -> tuple[str, ...]:
        """See Worktrees."""
        left = []
        for file in files:
            if {"", ".", "..", ".git"} & {*file.path.split("/")}:
                left.append(file.path)
            elif file.content is None:
                self.made[folder].pop(file.path, None)
            else:
                self.made[folder][file.path] = file.content
        return tuple(left)
