"""Keep what hooks wrote down, and the sessions they wrote it of: what runs while agents work."""

from collections.abc import Iterator

from opentraces.application.ingest_events import Ingested, IngestEvents
from opentraces.domain.ids import SessionId
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class IngestAll:
    """Keep what the hooks of all agents wrote down."""

    agents: tuple[IngestEvents, ...]
    """One for each agent with hooks."""

    def execute(self, first: SessionId | None = None) -> Iterator[Ingested]:
        """Take up the events of one session, then of all others that wait; what was done, as done.

        A session that another process is at is left to it. Idempotent. Raises as ImportSessions.
        """
        if first is not None:
            for agent in self.agents:
                yield from agent.one(first)
        for agent in self.agents:
            yield from agent.others(first)
