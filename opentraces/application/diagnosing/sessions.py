"""Whether an agent's sessions are kept, and how long they are there to be kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.health import Check, Level
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import FoundSession, Scope
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.clock import Clock
from opentraces.ports.kept_traces import KeptTraces
from opentraces.ports.retention import AgentRetention
from opentraces.ports.sessions import SessionSource

_IMPORT = "opentraces import --all"
_SOON = timedelta(days=7)


@frozen_dataclass
class SessionsChecker(Checker):
    """Looks at the sessions that one agent left on this machine."""

    agent: str
    """Whose."""

    source: SessionSource
    kept: KeptTraces

    is_deleted: Callable[[TraceId], bool]
    """Whether the user deleted a trace: it is not missed."""

    retention: AgentRetention | None
    """When the agent deletes what it wrote. None: it never does."""

    clock: Clock

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        found = [each for each in self.source.discover(Scope()) if each.agent == self.agent]
        missing = self._not_kept(found)
        yield self._kept(len(found), len(missing))
        if self.retention is None:
            return
        dying = {each.session for each in found if self._dies_soon(self.retention, each)}
        if dying:
            yield self._dying(self.retention.rule(), len(dying), len(dying & missing))

    def _not_kept(self, found: list[FoundSession]) -> frozenset[SessionId]:
        kept = frozenset(self.kept.ids())
        traces = {each.session: trace_id(self.agent, each.session) for each in found}
        return frozenset(
            session
            for session, trace in traces.items()
            if trace not in kept and not self.is_deleted(trace)
        )

    def _dies_soon(self, retention: AgentRetention, session: FoundSession) -> bool:
        end = retention.deleted_after(session)
        return end is not None and end - self.clock.now() <= _SOON

    def _kept(self, found: int, missing: int) -> Check:
        if not found:
            return Check(self.agent, Level.OK, "no session on this machine")
        sessions = f"{count(found, 'session')} on this machine"
        return self._check(f"{sessions}, {_how_many(found, missing)}", missing)

    def _dying(self, rule: str, dying: int, missing: int) -> Check:
        die = "dies" if dying == 1 else "die"
        text = f"{rule}: {count(dying, 'session')} {die} within {_SOON.days} days"
        return self._check(f"{text}, {_how_many(dying, missing)}", missing)

    def _check(self, text: str, missing: int) -> Check:
        if missing:
            return Check(self.agent, Level.WARN, text, _IMPORT)
        return Check(self.agent, Level.OK, text)


def _how_many(found: int, missing: int) -> str:
    """Say how many of those found are kept."""
    if found == 1:
        return "not kept" if missing else "kept"
    if not missing:
        return "all of them kept"
    return f"{missing:,} of them not kept" if missing < found else "none of them kept"
