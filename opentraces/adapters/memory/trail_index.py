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
        self._is_complete = False

    def lose(self) -> None:
        """Be as one that was deleted."""
        self._traces, self._credits, self._searches = {}, {}, {}
        self._is_complete = False

    def is_complete(self) -> bool:
        """See TrailNoting."""
        return self._is_complete

    def renew(self, trails: Iterable[NotedTrail]) -> None:
        """See TrailNoting."""
        new = MemoryTrailIndex()
        for trail in trails:
            new.note([trail])
        self._traces, self._credits, self._searches = new._traces, new._credits, {}
        self._is_complete = True

    def known(self, traces: Collection[TraceId]) -> Mapping[TraceId, NotedTrace]:
        """See TrailNoting."""
        return {trace: self._traces[trace] for trace in traces if trace in self._traces}

    def note(self, trails: Collection[NotedTrail], gone: Collection[TraceId] = ()) -> None:
        """See TrailNoting."""
        for trail in trails:
            noted = trail.trace
            before = self._traces.get(noted.trace)
            searched = before.searched if before else 0
            kept = searched if searched <= noted.commit else 0
            self._traces[noted.trace] = replace(noted, searched=kept)
            for repository, found in trail.credits.items():
                self._find(repository, found)
        for trace in gone:
            self._traces.pop(trace, None)
        for repository, there in self._credits.items():
            self._credits[repository] = frozenset(each for each in there if each.trace not in gone)

    def noted(
        self, repository: str, worktrees: Collection[str], paths: Collection[str] | None
    ) -> Sequence[NotedTrace]:
        """See TrailIndex."""
        return [
            noted
            for _, noted in sorted(self._traces.items())
            if (repository and noted.repository == repository)
            or (noted.worktree and noted.worktree in worktrees)
            if paths is None or any(_is_at(path, noted.paths) for path in paths)
        ]

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
                self._traces[trace] = replace(self._traces[trace], searched=commit)
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

    def _find(self, repository: str, found: Collection[NotedCredit]) -> None:
        named = {(each.patch, each.commit, each.path) for each in found}
        before = self._credits.get(repository, frozenset())
        kept = {each for each in before if (each.patch, each.commit, each.path) not in named}
        new = {each for each in found if each.first and each.trace in self._traces}
        self._credits[repository] = frozenset(kept | new)


def _is_at(path: str, paths: Collection[str]) -> bool:
    return any(each.endswith(f"/{path}") for each in paths)


def _order(credit: NotedCredit) -> tuple[str | int, ...]:
    lines = (credit.commit, credit.path, credit.first, credit.last)
    return (*lines, credit.patch, credit.trace, credit.step_index, credit.call or "", credit.tier)
