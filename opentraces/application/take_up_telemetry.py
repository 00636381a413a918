"""Make what an agent told over OTLP a part of its session's trace."""

from collections.abc import Callable, Mapping

from opentraces.application.find_changes import Changes
from opentraces.application.import_sessions import ImportSessions
from opentraces.application.imported import Imported
from opentraces.application.ingest_events import IngestEvents
from opentraces.domain.errors import BadRequest, NotFound
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent, FoundSession, Scope
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.spool import EventSpool


@frozen_dataclass
class TakeUpRequest:
    """Which session is meant."""

    session: SessionId
    """The agent's own id for it."""

    project: str | None = None
    """The working directory it began in, or its name. None: any."""

    trace: str | None = None
    """The trace it is expected to be, or how that begins. None: whichever."""


@frozen_dataclass
class TakenUp:
    """What became of a session's telemetry."""

    agent: Agent
    """Whose session it is."""

    trace: TraceId
    """The trace it is a part of."""

    imported: Imported
    """What was kept."""

    left_bytes: int
    """How many bytes still wait: they came meanwhile, or the session could not be kept."""


@frozen_dataclass
class TakeUpTelemetry:
    """Make what an agent told over OTLP a part of its session's trace."""

    telemetry: Mapping[Agent, EventSpool]
    imports: ImportSessions

    ingest: Callable[[], tuple[IngestEvents, ...]]
    """Makes what takes up hooks' events, which may wait, too: it takes all of a session up."""

    def execute(self, request: TakeUpRequest) -> TakenUp:
        """Keep the session as it is now, with all that waits of it. Idempotent.

        Raises NotFound: no agent left such a session here; BadRequest: it is another trace; and
        as ImportSessions.
        """
        found = self._found(request)
        trace = trace_id(found.agent.value, found.session)
        if not trace.startswith(request.trace or ""):
            raise BadRequest(f"session {request.session} is trace {trace}, not {request.trace}")
        for agent in self.ingest():
            for _ in agent.one(request.session):
                pass
        imported = Imported()
        self.imports.keep(Changes([self._found(request)], imported))
        return TakenUp(found.agent, trace, imported, self._left(found))

    def _found(self, request: TakeUpRequest) -> FoundSession:
        """Return the session with what waits of it now."""
        scope = Scope(project=request.project)
        for found in self.imports.find.source.discover(scope):
            if found.session == request.session:
                return found
        raise NotFound(f"no agent left a session {request.session} here")

    def _left(self, found: FoundSession) -> int:
        spool = self.telemetry.get(found.agent)
        waiting = spool.waiting() if spool else ()
        return sum(each.size for each in waiting if each.session == found.session)
