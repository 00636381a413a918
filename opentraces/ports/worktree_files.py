"""The port to what is not committed in a worktree."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.start import Standing


@frozen_dataclass
class UncommittedFile:
    """A file that differs from what is checked out."""

    path: str
    """Relative to the worktree, with `/`."""

    content: bytes | None
    """What it holds. None: it was deleted."""

    committed: bytes | None
    """What HEAD has of it. None: it has no such file."""


@frozen_dataclass
class CommittedFile:
    """A file that a commit changed."""

    path: str
    """Relative to the worktree, with `/`."""

    content: bytes | None
    """What the commit has of it. None: it was deleted."""

    before: bytes | None
    """What the commit had of it that was checked out before. None: there was no such file."""

    committed: int
    """When the commit was made, in seconds since 1970."""


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

    @abstractmethod
    def newly_committed(self, worktree: str, since_ns: int) -> tuple[CommittedFile, ...]:
        """Return the text files that `git commit` changed since a moment, the first commit first.

        As HEAD's reflog tells: nothing of what was pulled, merged, picked or checked out. Of those
        only what was written, or went, since that moment, too; not what Git makes by a program.
        Bounded, and raises, as `uncommitted`.
        """

    @abstractmethod
    def standing(self, worktree: str, since_ns: int) -> Standing:
        """Return how a worktree stood beside what was checked out at a moment, as it still shows.

        Ignored files are none, and submodules are not looked into. What Git makes by a program,
        and what cannot be read, is among those that do not tell. Reads no file that Git has noted
        as it is. Nothing is run or written, and it raises, as for `uncommitted`.
        """
