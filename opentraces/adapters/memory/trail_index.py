"""What is noted of trails, in dicts: its rules in the plainest words."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, NotedTrail, Searched
from opentraces.ports.trail_index import TrailIndex
from opentraces.ports.trail_noting import TrailNoting


class MemoryTrailIndex(TrailIndex, TrailNoting):
    """See TrailIndex and TrailNoting."""

    def __init__(self) -> None:
        self._traces: dict[TraceId, NotedTrace] = {}
        self._credits: dict[str, frozenset[NotedCredit]] = {}
        self._searches: dict[str, Searched] = {}
        self._looked: dict[tuple[TraceId, str], int] = {}
        self._is_complete = False

    def lose(self) -> None:
        """Be as one that was deleted."""
        self._traces, self._credits, self._searches, self._looked = {}, {}, {}, {}
        self._is_complete = False

    def is_complete(self) -> bool:
        """See TrailNoting."""
        return self._is_complete

    def renew(self, trails: Iterable[NotedTrail]) -> None:
        """See TrailNoting."""
        new = MemoryTrailIndex()
        for trail in trails:
            new.note([trail])
        self._traces, self._credits = new._traces, new._credits
        self._searches, self._looked = {}, {}
        self._is_complete = True

    def known(self, traces: Collection[TraceId]) -> Mapping[TraceId, NotedTrace]:
        """See TrailNoting."""
        there = (self._traces[trace] for trace in traces if trace in self._traces)
        return {noted.trace: self._searched_in(noted.repository, noted) for noted in there}

    def note(self, trails: Collection[NotedTrail], gone: Collection[TraceId] = ()) -> None:
        """See TrailNoting."""
        for trail in trails:
            noted = trail.trace
            self._traces[noted.trace] = replace(noted, searched=0)
            for key, searched in list(self._looked.items()):
                if key[0] == noted.trace and searched > noted.commit:
                    del self._looked[key]
            for repository, found in trail.credits.items():
                self._find(repository, found)
        for trace in gone:
            self._traces.pop(trace, None)
            self._looked = {key: at for key, at in self._looked.items() if key[0] != trace}
        for repository, there in self._credits.items():
            self._credits[repository] = frozenset(each for each in there if each.trace not in gone)

    def noted(
        self, repository: str, worktrees: Collection[str], paths: Collection[str] | None
    ) -> Sequence[NotedTrace]:
        """See TrailIndex."""
        return [
            self._searched_in(repository, noted)
            for _, noted in sorted(self._traces.items())
            if _is_of(noted, repository, worktrees, paths)
            or any(_is_below(noted, root, paths) for root in worktrees if root)
        ]

    def strays(self, repository: str) -> Sequence[NotedTrace]:
        """See TrailIndex."""
        there = (noted for _, noted in sorted(self._traces.items()) if noted.folder)
        return [self._searched_in(repository, noted) for noted in there]

    def searched(self, repository: str) -> Searched:
        """See TrailIndex."""
        return self._searches.get(repository, Searched())

    def settle(
        self,
        repository: str,
        searched: Searched,
        traces: Collection[tuple[TraceId, int]],
        found: Collection[NotedCredit],
    ) -> None:
        """See TrailIndex."""
        for trace, commit in traces:
            if trace in self._traces:
                self._looked[trace, repository] = commit
        self._find(repository, found)
        self._searches[repository] = searched

    def credits(
        self, repository: str, commits: Collection[CommitId] | None, trace: TraceId | None
    ) -> Iterator[NotedCredit]:
        """See TrailIndex."""
        return iter(
            sorted(
                (
                    each
                    for each in self._credits.get(repository, ())
                    if commits is None or each.commit in commits
                    if trace in (None, each.trace)
                ),
                key=_order,
            )
        )

    def _searched_in(self, repository: str, noted: NotedTrace) -> NotedTrace:
        return replace(noted, searched=self._looked.get((noted.trace, repository), 0))

    def _find(self, repository: str, found: Collection[NotedCredit]) -> None:
        named = {(each.patch, each.commit, each.path) for each in found}
        before = self._credits.get(repository, frozenset())
        kept = {each for each in before if (each.patch, each.commit, each.path) not in named}
        new = {each for each in found if each.first and each.trace in self._traces}
        self._credits[repository] = frozenset(kept | new)


def _is_of(
    noted: NotedTrace, repository: str, worktrees: Collection[str], paths: Collection[str] | None
) -> bool:
    is_own = repository and noted.repository == repository
    if not is_own and not (noted.worktree and noted.worktree in worktrees):
        return False
    return paths is None or any(_is_at(path, noted.paths) for path in paths)


def _is_below(noted: NotedTrace, worktree: str, paths: Collection[str] | None) -> bool:
    root = worktree.rstrip("/") + "/"
    if paths is None:
        return any(each.startswith(root) for each in noted.paths)
    return any(root + path in noted.paths for path in paths)


def _is_at(path: str, paths: Collection[str]) -> bool:
    return any(each.endswith(f"/{path}") for each in paths)


def _order(credit: NotedCredit) -> tuple[str | int, ...]:
    lines = (credit.commit, credit.path, credit.first, credit.last)
    return (*lines, credit.patch, credit.trace, credit.step_index, credit.call or "", credit.tier)
