"""The port to the checkouts on this machine."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.enrolment import Seen


class Checkouts(Protocol):
    """What stands in folders, whoever put it there: nothing is run, and nothing is written.

    Contract: tests/contracts/checkouts.py.
    """

    @abstractmethod
    def around(self, folder: str) -> Seen:
        """Return the checkout around a folder, and the other worktrees of its repository.

        Repository and worktree name each other, or neither counts as the other's. Of other
        worktrees, only the user's own, and none whose path has a line end.

        Raises BadRequest: the folder is in a repository that has no files, or is not there.
        """

    @abstractmethod
    def gone(self, folder: str) -> tuple[str, ...]:
        """Return where the repository around a folder had worktrees, and nothing is now; ascending.

        It still names them: they were removed by hand, and Git did not clean up. Empty, too, where
        the repository is not the user's own, or there is none.
        """

    @abstractmethod
    def is_there(self, path: str) -> bool:
        """Whether anything is at a path."""
