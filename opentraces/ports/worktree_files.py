"""The port to what is not committed in a worktree."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class UncommittedFile:
    """A file that differs from what is checked out."""

    path: str
    """Relative to the worktree, with `/`."""

    content: bytes | None
    """What it holds. None: it was deleted."""

    committed: bytes | None
    """What HEAD has of it. None: it has no such file."""


class WorktreeFiles(Protocol):
    """What Git reports of a worktree. Contract: tests/contracts/worktree_files.py."""

    @abstractmethod
    def uncommitted(self, worktree: str, since_ns: int) -> tuple[UncommittedFile, ...]:
        """Return the text files that differ from HEAD, by path; ignored ones are none.

        Of those only what changed, or was deleted, since a moment in nanoseconds since 1970.
        Large files, links and binary ones are left out, and what is too many. Nothing that the
        repository names is run; nothing is written. No process is started for a file.
        Raises RepositoryUnreadable.
        """
