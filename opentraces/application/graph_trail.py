"""Show commits, and the sessions that wrote their lines."""

from collections.abc import Iterable, Mapping

from opentraces.application.open_repository import Opened
from opentraces.application.resolve_range import ResolveRange
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.parts import Part, parts_of
from opentraces.ports.traces import TraceStore
from opentraces.ports.trail_index import TrailIndex


@frozen_dataclass
class GraphRow:
    """A commit."""

    commit: CommitBrief
    """Which."""

    parts: tuple[Part, ...]
    """What sessions wrote of it, the largest first; empty: nobody is credited with a line."""


@frozen_dataclass
class TrailGraph:
    """Commits, the newest first."""

    rows: tuple[GraphRow, ...]
    """Each of them."""

    agents: Mapping[TraceId, str]
    """Whose session each trace is, of those among the rows that can be read."""


@frozen_dataclass
class GraphTrail:
    """Show commits, and the sessions that wrote their lines."""

    range: ResolveRange
    index: TrailIndex
    traces: TraceStore

    def execute(self, opened: Opened, said: str | None) -> TrailGraph:
        """`said`: a range of commits, or the name of the latest. None: what is checked out.

        Raises NoSuchRevision, RepositoryUnreadable, StorageUnavailable.
        """
        commits = self.range.listed(opened, said)
        credited = self.index.credits(opened.key, {each.commit for each in commits}, None)
        parts = parts_of(credited) if commits else {}
        return TrailGraph(
            rows=tuple(GraphRow(each, parts.get(each.commit, ())) for each in commits),
            agents=self._agents({part.trace for each in parts.values() for part in each}),
        )

    def _agents(self, traces: Iterable[TraceId]) -> dict[TraceId, str]:
        agents: dict[TraceId, str] = {}
        for trace in sorted(traces):
            try:
                agents[trace] = self.traces.envelope(trace).header.agent.value
            except (Corrupt, NewerFormat, TraceNotFound):
                continue
        return agents
