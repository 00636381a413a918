"""An agent's sessions, with what hooks wrote down of them and nobody has kept yet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile, SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.sessions import SessionSource
from opentraces.ports.spool import EventSpool, Waiting

_Bodies = Mapping[SessionId, tuple[SourceFile, ...]]
_ENDING = ".jsonl"


@frozen_dataclass
class LiveSessions(SessionSource):
    """See SessionSource. Events of a session that left no other file are not found."""

    agent: SessionSource
    spool: EventSpool

    may_be_away: bool = False
    """Whether events stand on disks that may be away: what cannot be looked for goes on waiting."""

    telemetry: EventSpool | None = None
    """Where waits what the agent told over OTLP. None: it tells nothing."""

    bodies: Callable[[], _Bodies] = dict
    """Returns what a provider was sent, of sessions whose user asked for that."""

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource."""
        waiting, bodies = self._beside()
        told = _by_session(self.telemetry)
        for found in self.agent.discover(scope):
            events, records = waiting.get(found.session), told.get(found.session)
            beside = bodies.get(found.session)
            whole = replace(found, files=(*found.files, *beside)) if beside else found
            whole = with_events(whole, records, SourceKind.TELEMETRY) if records else whole
            yield with_events(whole, events) if events else whole

    def _beside(self) -> tuple[Mapping[SessionId, Waiting], _Bodies]:
        """Return what hooks wrote down of each session, and what a provider was sent."""
        try:
            return _by_session(self.spool), self.bodies()
        except StorageUnavailable:
            if not self.may_be_away:
                raise
            return {}, {}

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        if file.kind is SourceKind.HOOKS:
            return self.spool.read(session_of(file), offset)
        if file.kind is SourceKind.TELEMETRY and self.telemetry is not None:
            return self.telemetry.read(session_of(file), offset)
        return self.agent.read(file, offset)


def _by_session(spool: EventSpool | None) -> dict[SessionId, Waiting]:
    return {each.session: each for each in spool.waiting()} if spool else {}


def with_events(
    found: FoundSession, events: Waiting, kind: SourceKind = SourceKind.HOOKS
) -> FoundSession:
    """Add what waits in a spool to the files of its session."""
    return replace(found, files=(*found.files, events_file(events, kind)))


def without_events(found: FoundSession) -> FoundSession:
    """Leave out what waits in spools."""
    files = tuple(file for file in found.files if not file.kind.is_spooled)
    return replace(found, files=files)


def session_of(events: SourceFile) -> SessionId:
    """Return whose events a file holds."""
    return SessionId(events.name.rpartition("/")[2].removesuffix(_ENDING))


def events_file(events: Waiting, kind: SourceKind = SourceKind.HOOKS) -> SourceFile:
    """Return what waits in a spool as a file of its session, in a folder of its kind's name."""
    return SourceFile(
        name=f"{kind.value}/{events.session}{_ENDING}",
        kind=kind,
        location=events.location,
        size=events.size,
        stamp=f"{events.size}:{events.newest.timestamp()}",
    )
