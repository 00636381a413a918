"""Find the sessions that changed since they were kept; reads no session, and writes nothing."""

from collections.abc import Mapping

from opentraces.application.imported import Imported, Left
from opentraces.domain.ids import trace_id
from opentraces.domain.session import FoundSession, Scope
from opentraces.domain.skipping import ALARMS
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.ports.cursors import Cursors
from opentraces.ports.kept_traces import KeptTraces
from opentraces.ports.sessions import SessionSource


@mutable_dataclass
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
        rows = self.imported.failed if reason in ALARMS else self.imported.skipped
        rows.append(Left(session.location, reason))

    def report(self, alien: Mapping[str, str]) -> None:
        """Report files of a trace in which nothing was recognised: why, by location."""
        known = self.imported.alien
        rows = [Left(location, reason) for location, reason in alien.items()]
        known += [row for row in rows if row not in known]


@frozen_dataclass
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
            reasons = _reasons(session, stamps)
            if reasons is None or trace_id(session.agent.value, session.session) not in kept:
                changes.changed.append(session)
            elif all(reasons.values()):
                changes.leave(session, reasons[session.location])
            else:
                changes.imported.unchanged += 1
                changes.report({place: reason for place, reason in reasons.items() if reason})
        return changes


def cursors_of(
    session: FoundSession, reason: str | None, alien: Mapping[str, str]
) -> dict[str, str]:
    """Return what is remembered of a session's files, by location; its events apart.

    `reason`: why it is no trace; `alien`: why single files of it are none.
    """
    return {
        file.location: cursor(file.stamp, reason or alien.get(file.location))
        for file in session.files
        if not file.kind.is_spooled
    }


def _reasons(session: FoundSession, stamps: Mapping[str, str]) -> dict[str, str] | None:
    """Return why each file of an unchanged session is no trace, empty where it is a part of one.

    None: it changed.
    """
    reasons = dict[str, str]()
    for file in session.files:
        reason = cursor_reason(file.stamp, stamps.get(file.location))
        if reason is None:
            return None
        reasons[file.location] = reason
    return reasons


def cursor(stamp: str, reason: str | None) -> str:
    """Return what is remembered of a file; `reason`: why its session is no trace."""
    return f"{stamp}\n{reason}" if reason else stamp


def cursor_reason(stamp: str, saved: str | None) -> str | None:
    """Return why an unchanged file's session is no trace; empty: it is one. None: it changed."""
    if saved is None:
        return None
    before, _, reason = saved.partition("\n")
    return reason if before == stamp else None
