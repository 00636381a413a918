"""The port to commits as people list them."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import CommitId


class CommitLog(Protocol):
    """The commits of a checkout's repository, without what they changed.

    Contract: tests/contracts/commit_log.py. As Revisions: nothing is run, fetched or written, and
    the number of processes depends on none of commits and files but in steps of hundreds. Any
    method may raise RepositoryUnreadable.
    """

    @abstractmethod
    def latest(self, checkout: str, tip: CommitId, most: int) -> tuple[CommitBrief, ...]:
        """Return a commit and what it leads to, the newest first, so many at the most."""

    @abstractmethod
    def named(self, checkout: str, commits: Sequence[CommitId]) -> dict[CommitId, CommitBrief]:
        """Return commits by their ids, in that order; those that are not there are left out."""
