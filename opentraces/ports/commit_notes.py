"""The port to what the hooks of repositories noted."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.trail.noted_commits import NotedCommits


class CommitNotes(Protocol):
    """What Git's hooks noted, as a help: nothing that is looked for depends on it.

    Contract: tests/contracts/commit_notes.py. Both methods may raise StorageUnavailable.
    """

    @abstractmethod
    def read(self, repository: str) -> NotedCommits:
        """Return what was noted in a repository, by the folder of its objects.

        Nothing, where no hooks are installed, or it is not enrolled. Of very much, the newest.
        """

    @abstractmethod
    def clear(self, repository: str, noted: NotedCommits) -> None:
        """Forget what was read. What was noted meanwhile stays."""
