"""The port to the worktrees that sessions ran in."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.repository import Repository


class WorktreeSource(Protocol):
    """What the worktrees on this machine say of themselves.

    Contract: tests/contracts/worktree_signs.py. Nothing that a repository names is run, fetched or
    written. One that is asked of many sessions reads each worktree once.
    """

    @abstractmethod
    def signs(self, folder: str, moment: int | None) -> WorktreeSigns | None:
        """Return the worktree around a folder, as it was at a moment.

        `moment`: milliseconds since 1970. None: not known, and so is what was checked out then.
        Returns None where the folder is gone, relative, in no repository or one that cannot be
        read, or on a disk that may be away. Never raises, never waits for a disk.
        """

    @abstractmethod
    def former(self, folder: str) -> WorktreeSigns | None:
        """Return the worktree that an agent made at a folder, and that is gone, by its place.

        That is a place where the agent makes the worktrees of the one around it, which is there.
        Its branch, and what was checked out, are not known. None: nothing of the kind, the first
        commit is not known, or the folder is there. Never raises, never waits for a disk.
        """

    @abstractmethod
    def history(self, worktree: WorktreeSigns) -> Repository | None:
        """Return the history of a worktree's repository. None: it is gone, or cannot be read.

        Never raises, never waits for a disk.
        """
