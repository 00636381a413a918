"""Lists of commits of repositories in memory."""

from collections.abc import Mapping, Sequence

from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import Commit, CommitId
from opentraces.ports.commit_log import CommitLog


class MemoryCommitLog(CommitLog):
    """See CommitLog: of given repositories, by their checkouts."""

    def __init__(self, repositories: Mapping[str, MemoryRepository] | None = None) -> None:
        self.repositories = dict(repositories or {})

    def latest(self, checkout: str, tip: CommitId, most: int) -> tuple[CommitBrief, ...]:
        """See CommitLog."""
        found = self._repository(checkout).commits([tip], (), None)
        return tuple(_brief(each) for each in list(found)[::-1][:most])

    def named(self, checkout: str, commits: Sequence[CommitId]) -> dict[CommitId, CommitBrief]:
        """See CommitLog."""
        repository = self._repository(checkout)
        there = {each.commit: _brief(each) for each in repository.commits(commits, (), None)}
        return {each: there[each] for each in commits if each in there}

    def _repository(self, checkout: str) -> MemoryRepository:
        if checkout not in self.repositories:
            raise RepositoryUnreadable(f"{checkout}: there is no repository")
        return self.repositories[checkout]


def _brief(commit: Commit) -> CommitBrief:
    return CommitBrief(commit.commit, commit.parents, commit.committed, commit.subject)
