"""Find the sessions that changed since they were kept; reads no session, and writes nothing."""

from dataclasses import dataclass

from opentraces.application.imported import Imported, Left
from opentraces.domain.ids import trace_id
from opentraces.domain.session import FoundSession, Scope
from opentraces.domain.skipping import NOTHING_RECOGNISED
from opentraces.ports.cursors import Cursors
from opentraces.ports.kept_traces import KeptTraces
from opentraces.ports.sessions import SessionSource


@dataclass(slots=True)
class Changes:
    """What there is to do."""

    changed: list[FoundSession]
    """Sessions that are new or may have changed."""

    imported: Imported
    """What can be said of the others already."""

    thorough: bool = True
    """Whether every byte that was kept is compared; else only what may have changed."""

    is_leased: bool = False
    """Whether the lease of the sessions' events is held already."""

    def leave(self, session: FoundSession, reason: str) -> None:
        """Report a session that is no trace."""
        is_alarm = reason == NOTHING_RECOGNISED
        rows = self.imported.failed if is_alarm else self.imported.skipped
        rows.append(Left(session.location, reason))


@dataclass(frozen=True, slots=True)
class FindChanges:
    """Find the sessions that changed since they were kept."""

    source: SessionSource
    cursors: Cursors
    traces: KeptTraces

    def execute(self, scope: Scope) -> Changes:
        """Raises SourceUnreadable when a place named in the scope holds no session."""
        stamps = self.cursors.load()
        kept = frozenset(self.traces.ids()) if stamps else frozenset()
        changes = Changes([], Imported())
        for session in self.source.discover(scope):
            seen = {cursor_reason(file.stamp, stamps.get(file.location)) for file in session.files}
            if None in seen or trace_id(session.agent.value, session.session) not in kept:
                changes.changed.append(session)
            elif reason := next((text for text in seen if text), ""):
                changes.leave(session, reason)
            else:
                changes.imported.unchanged += 1
        return changes


def cursor(stamp: str, reason: str | None) -> str:
    """Return what is remembered of a file; `reason`: why its session is no trace."""
    return f"{stamp}\n{reason}" if reason else stamp


def cursor_reason(stamp: str, saved: str | None) -> str | None:
    """Return why an unchanged file's session is no trace; empty: it is one. None: it changed."""
    if saved is None:
        return None
    before, _, reason = saved.partition("\n")
    return reason if before == stamp else None
