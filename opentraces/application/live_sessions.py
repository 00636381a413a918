"""An agent's sessions, with what hooks wrote down of them and nobody has kept yet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile, SourceKind
from opentraces.ports.sessions import SessionSource
from opentraces.ports.spool import EventSpool, Waiting

_Bodies = Mapping[SessionId, tuple[SourceFile, ...]]
_PREFIX, _ENDING = "hooks/", ".jsonl"


@dataclass(frozen=True, slots=True)
class LiveSessions(SessionSource):
    """See SessionSource. Events of a session that left no other file are not found."""

    agent: SessionSource
    spool: EventSpool

    may_be_away: bool = False
    """Whether events stand on disks that may be away: what cannot be looked for goes on waiting."""

    bodies: Callable[[], _Bodies] = dict
    """Returns what a provider was sent, of sessions whose user asked for that."""

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource."""
        waiting, bodies = self._beside()
        for found in self.agent.discover(scope):
            events = waiting.get(found.session)
            whole = replace(found, files=(*found.files, *bodies.get(found.session, ())))
            yield with_events(whole, events) if events else whole

    def _beside(self) -> tuple[Mapping[SessionId, Waiting], _Bodies]:
        """Return what hooks wrote down of each session, and what a provider was sent."""
        try:
            return {each.session: each for each in self.spool.waiting()}, self.bodies()
        except StorageUnavailable:
            if not self.may_be_away:
                raise
            return {}, {}

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        if file.kind is SourceKind.HOOKS:
            return self.spool.read(session_of(file), offset)
        return self.agent.read(file, offset)


def with_events(found: FoundSession, events: Waiting) -> FoundSession:
    """Add waiting events to the files of their session."""
    return replace(found, files=(*found.files, events_file(events)))


def without_events(found: FoundSession) -> FoundSession:
    """Leave out what hooks wrote down."""
    files = tuple(file for file in found.files if file.kind is not SourceKind.HOOKS)
    return replace(found, files=files)


def session_of(events: SourceFile) -> SessionId:
    """Return whose events a file holds."""
    return SessionId(events.name.removeprefix(_PREFIX).removesuffix(_ENDING))


def events_file(events: Waiting) -> SourceFile:
    """Return waiting events as a file of their session."""
    return SourceFile(
        name=f"{_PREFIX}{events.session}{_ENDING}",
        kind=SourceKind.HOOKS,
        location=events.location,
        size=events.size,
        stamp=f"{events.size}:{events.newest.timestamp()}",
    )
