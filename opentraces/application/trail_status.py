"""Say how many patches there are, and what became of them."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from opentraces.application.open_repository import Opened
from opentraces.application.read_trail import KeptTrail, ReadTrail
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.known import KnownTrail
from opentraces.domain.trail.located import located
from opentraces.domain.trail.shown import fates
from opentraces.domain.trail.tally import Tally, tally_of
from opentraces.ports.traces import TraceStore
from opentraces.ports.trail_index import TrailIndex


@frozen_dataclass
class RepositoryTally:
    """The patches of one repository."""

    folder: str
    """Where it is, or was: one of its worktrees."""

    tally: Tally
    """What became of them."""

    traces: int
    """How many traces made them."""

    until: str
    """When the newest commit was made that was searched for them: ISO 8601 in UTC. Empty: none
    was."""


@frozen_dataclass
class TrailState:
    """The patches of some repositories."""

    repositories: tuple[RepositoryTally, ...]
    """Each of them, the one with most patches first."""

    unread: tuple[TraceId, ...] = ()
    """Traces whose patches are not counted: they are damaged, or a later release's."""

    @property
    def tally(self) -> Tally:
        """All their patches."""
        return sum((each.tally for each in self.repositories), Tally())


@frozen_dataclass
class TrailStatus:
    """Say how many patches there are, and what became of them, as far as trails say it.

    Only changes to files in a worktree count, and each for the trace that made it itself.
    """

    traces: TraceStore
    trails: ReadTrail
    index: TrailIndex

    def of(self, opened: Opened) -> TrailState:
        """Count the patches of a repository. Raises StorageUnavailable."""
        noted = self.index.noted(opened.key, opened.worktrees, None)
        roots = {each.worktree for each in noted if each.worktree} | set(opened.worktrees)
        unread: list[TraceId] = []
        read = list(self._read((each.trace for each in noted), unread))
        row = self._row(opened.key, opened.worktree, roots, read)
        return TrailState((row,), tuple(unread))

    def of_all(self) -> TrailState:
        """Count the patches of every repository that sessions began in; none is looked at.

        Raises StorageUnavailable.
        """
        unread: list[TraceId] = []
        groups: dict[str, dict[str, list[KeptTrail]]] = {}
        for each in self._read(self.traces.ids(), unread):
            worktree = each.envelope.header.worktree
            if worktree is not None and each.trail.patches:
                groups.setdefault(worktree.key, {}).setdefault(worktree.path, []).append(each)
        rows = [
            self._row(key, max(at, key=lambda root: len(at[root])), at, chain(*at.values()))
            for key, at in sorted(groups.items())
        ]
        rows.sort(key=lambda row: -row.tally.patches)
        return TrailState(tuple(row for row in rows if row.tally.patches), tuple(unread))

    def _read(self, traces: Iterable[TraceId], unread: list[TraceId]) -> Iterator[KeptTrail]:
        """Yield what can be read; take note of the others."""
        for trace in traces:
            try:
                yield self.trails.of(self.traces.envelope(trace))
            except TraceNotFound:
                continue
            except (Corrupt, NewerFormat):
                unread.append(trace)

    def _row(
        self, key: str, folder: str, roots: Collection[str], read: Iterable[KeptTrail]
    ) -> RepositoryTally:
        tallies = [_tally(each.trail, key, roots) for each in read]
        return RepositoryTally(
            folder=folder,
            tally=sum(tallies, Tally()),
            traces=sum(1 for each in tallies if each.patches),
            until=self.index.searched(key).until,
        )


def _tally(trail: KnownTrail, repository: str, roots: Collection[str]) -> Tally:
    """Count the patches of files in some worktrees, but for those of a repository inside."""
    found = fates(trail, repository)
    own = {key[0] for key in trail.anchored_in(repository)}
    others = {key[0] for anchors in trail.anchors.values() for key in anchors} - own
    inside = (
        patch
        for patch, made in trail.patches.items()
        if patch not in others and located(made.change.path, roots)
    )
    return tally_of(found[patch].fate for patch in inside)
