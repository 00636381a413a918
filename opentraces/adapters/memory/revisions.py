"""What names mean in repositories in memory."""

from collections.abc import Collection, Mapping, Sequence

from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.ports.revisions import Revisions


class MemoryRevisions(Revisions):
    """See Revisions: of given repositories, by their checkouts. Knows `HEAD`, branches and ids."""

    def __init__(self, repositories: Mapping[str, MemoryRepository] | None = None) -> None:
        self.repositories = dict(repositories or {})

    def resolve(self, checkout: str, said: str) -> tuple[CommitId, ...]:
        """See Revisions."""
        repository = self._repository(checkout)
        first, dots, last = said.partition("..")
        if not dots:
            return (self._commit(repository, said),)
        known = self._commit(repository, first or "HEAD")
        tip = self._commit(repository, last or "HEAD")
        found = [each.commit for each in repository.commits([tip], [known], None)]
        return tuple(found[::-1])

    def parents(self, checkout: str, commit: CommitId) -> tuple[CommitId, ...]:
        """See Revisions."""
        repository = self._repository(checkout)
        for each in repository.commits([commit], (), None):
            if each.commit == commit:
                return each.parents
        raise NoSuchRevision(f"{commit} names no commit of {checkout}")

    def files_at(
        self, checkout: str, commit: CommitId, paths: Sequence[str]
    ) -> dict[str, ObjectId]:
        """See Revisions."""
        found: dict[str, ObjectId] = {}
        for each in self._repository(checkout).commits([commit], (), None):
            for change in each.changes:
                for before in change.before:
                    found.pop(before.path, None)
                found.pop(change.path, None)
                if change.blob is not None:
                    found[change.path] = change.blob
        return {path: found[path] for path in paths if path in found}

    def led_to(
        self, checkout: str, commits: Collection[CommitId], tips: Collection[CommitId]
    ) -> frozenset[CommitId]:
        """See Revisions."""
        history = self._repository(checkout).commits(tips, (), None)
        return frozenset(commits) & {each.commit for each in history}

    def _repository(self, checkout: str) -> MemoryRepository:
        if checkout not in self.repositories:
            raise RepositoryUnreadable(f"{checkout}: there is no repository")
        return self.repositories[checkout]

    def _commit(self, repository: MemoryRepository, name: str) -> CommitId:
        heads = repository.heads()
        named = {**heads.branches, **({"HEAD": heads.head} if heads.head else {})}
        commit = named.get(name, CommitId(name))
        if not list(repository.commits([commit], (), None)):
            raise NoSuchRevision(f"{name!r} names no commit")
        return commit
