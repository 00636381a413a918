"""The port to names of commits, and to files at a commit."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import Protocol

from opentraces.domain.trail.history import CommitId, ObjectId


class Revisions(Protocol):
    """What names in the repository of a checkout mean. Contract: tests/contracts/revisions.py.

    As Repository: nothing is run, fetched or written, and the number of processes depends on none
    of commits and files but in steps of hundreds. Any method may raise RepositoryUnreadable.
    """

    @abstractmethod
    def resolve(self, checkout: str, said: str) -> tuple[CommitId, ...]:
        """Return the commits that `a..b` means, newest first; of a name, its commit alone.

        Raises NoSuchRevision when there is none of this name.
        """

    @abstractmethod
    def parents(self, checkout: str, commit: CommitId) -> tuple[CommitId, ...]:
        """Return the parents of a commit. Raises NoSuchRevision when it is not there."""

    @abstractmethod
    def files_at(
        self, checkout: str, commit: CommitId, paths: Sequence[str]
    ) -> dict[str, ObjectId]:
        """Return what files hold in a commit, by path; those that are not there are left out."""

    @abstractmethod
    def led_to(
        self, checkout: str, commits: Collection[CommitId], tips: Collection[CommitId]
    ) -> frozenset[CommitId]:
        """Return which of some commits are part of the history of others: of any of `tips`.

        What is not there is part of none. Raises RepositoryUnreadable where that cannot be told:
        in a damaged history, say.
        """
