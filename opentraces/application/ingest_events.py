"""Keep what one agent's hooks wrote down, and the sessions they wrote it of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from opentraces.application.find_changes import Changes
from opentraces.application.import_sessions import ImportSessions
from opentraces.application.imported import Imported
from opentraces.application.live_sessions import LiveSessions, events_file, without_events
from opentraces.domain.errors import Busy, Corrupt, NewerFormat, SourceUnreadable, TraceNotFound
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent, FoundSession, Scope
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.clock import Clock
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.spool import EventSpool, Waiting

UNKNOWN = SessionId("unknown")
"""Stands for the session of events that name none."""

CLOSING = frozenset(("Stop", "StopFailure", "SubagentStop", "PreCompact", "SessionEnd"))
_ENDS = frozenset(("SessionEnd", "session_shutdown"))
"""A session's last event, of each agent that tells of it."""

_GLANCE_S = 0.1
_PATIENCE = 50
"""So often a transcript that is not there yet is looked for."""

_SETTLE_S = 0.25
"""An agent may write its last lines a moment after it told its hooks."""

_MOST_ROUNDS = 20
_TAIL = 64 * 1024
"""Bytes of kept events among which the last is looked for."""

_MOST_AROUND = 16
_MOST_BYTES_AROUND = 64 * 1024 * 1024


@frozen_dataclass
class Ingested:
    """What one look at a session did."""

    agent: Agent
    """Whose hooks."""

    session: SessionId
    """Of which session they told."""

    events: Mapping[str, int] = field(default_factory=dict)
    """How many of each name were taken up."""

    imported: Imported = field(default_factory=Imported)
    """What was kept."""

    folder: str | None = None
    """The working directory that the events named first. None: they name none."""

    is_left: bool = False
    """Whether the events still wait: the session left no file yet."""

    unasked: str | None = None
    """Why Git could not be asked what became of the session's changes. None: it was, or there is
    no repository."""


@frozen_dataclass
class IngestEvents:
    """Keep what one agent's hooks wrote down, and the sessions they wrote it of."""

    spool: EventSpool
    sessions: LiveSessions
    events: HookEvents
    imports: ImportSessions
    clock: Clock

    may_be_forged: bool = False
    """Whether anybody may have written the events: then those alone make no trace."""

    follow: Callable[[TraceId, HookFacts, bool], str | None] = lambda trace, facts, is_over: None
    """What is done after a session was kept; told whether it is over. Returns why it could not
    be; None: it was. Never raises."""

    def one(self, session: SessionId) -> Iterator[Ingested]:
        """Take up the events of one session, which may have begun a moment ago; see IngestAll."""
        yield from self._drained(session, _PATIENCE)

    def others(self, session: SessionId | None) -> Iterator[Ingested]:
        """Take up the events of all sessions but one. None: of all; see IngestAll."""
        for waiting in self.spool.waiting():
            if waiting.session not in (session, UNKNOWN):
                yield from self._drained(waiting.session, 1)

    def _drained(self, session: SessionId, patience: int) -> Iterator[Ingested]:
        """Go round until nothing waits.

        The last look is taken without the lease: the worker of an event that came before it may
        have found the lease taken, that of a later one finds it free.
        """
        for _ in range(_MOST_ROUNDS):
            if self._waiting(session) is None:
                return
            try:
                with self.spool.lease(session):
                    waiting = self._waiting(session)
                    done = self._round(waiting, patience) if waiting else None
            except Busy:
                return
            if done is None:
                continue
            yield done
            if done.is_left or done.imported.failed:
                return

    def _waiting(self, session: SessionId) -> Waiting | None:
        return next((each for each in self.spool.waiting() if each.session == session), None)

    def _round(self, waiting: Waiting, patience: int) -> Ingested:
        facts = self._facts(waiting)
        folder = next(iter(facts.folders), None)
        found = self._found(waiting, facts, patience)
        if found is None:
            return Ingested(
                waiting.agent, waiting.session, facts.events, folder=folder, is_left=True
            )
        facts = self._facts(waiting)  # more may have come while the session was waited for
        facts = replace(facts, began=self._since(waiting, facts))
        thorough = not _ENDS.isdisjoint(facts.events)
        imported = self.imports.keep(Changes([found], Imported(), thorough, is_leased=True))
        for _ in range(_PATIENCE):
            self.clock.wait(_SETTLE_S)
            later = self._look(waiting, facts)
            if later is None or _stamps(later) == _stamps(found):
                break
            found = without_events(later)  # those that came meanwhile are of the next round
            self.imports.keep(Changes([found], imported, thorough, is_leased=True))
        self._keep_started(facts, imported)
        if thorough:
            self._look_around(facts, imported)
        unasked = None
        if not imported.failed:
            unasked = self.follow(trace_id(waiting.agent.value, waiting.session), facts, thorough)
        return Ingested(
            waiting.agent, waiting.session, facts.events, imported, folder, unasked=unasked
        )

    def _since(self, waiting: Waiting, facts: HookFacts) -> int:
        """Return since when what events tell of was done, in nanoseconds since 1970.

        An earlier worker may have taken up all that came before the end of a call, while the call
        was made: then it is since the last event that was kept.
        """
        if not facts.is_midway:
            return facts.began
        try:
            traces = self.imports.catch_up.traces
            kept = traces.envelope(trace_id(waiting.agent.value, waiting.session))
            number = kept.events_source
            if number is None:
                return facts.began
            offset = max(kept.header.sources[number].size - _TAIL, 0)
            earlier = self.events.facts(traces.source(kept, number, offset)).ended
        except (TraceNotFound, Corrupt, NewerFormat):
            return facts.began
        return min(earlier, facts.began) or facts.began

    def _facts(self, waiting: Waiting) -> HookFacts:
        return self.events.facts(self.spool.read(waiting.session, 0))

    def _found(self, waiting: Waiting, facts: HookFacts, patience: int) -> FoundSession | None:
        """Wait for the session's files; events of one that left none are kept alone.

        None: the session goes on, and may still leave some, or there never was one.
        """
        for glance in range(patience):
            if glance:
                self.clock.wait(_GLANCE_S)
            found = self._look(waiting, facts)
            if found is not None:
                return found
        if self.may_be_forged or CLOSING.isdisjoint(facts.events):
            return None
        return FoundSession(waiting.agent, waiting.session, (events_file(waiting),))

    def _look(self, waiting: Waiting, facts: HookFacts) -> FoundSession | None:
        """Return the session as it is now. None: it left no file where the agent says."""
        if facts.transcript is None:
            return None
        found = self._found_at(facts.transcript)
        return next((each for each in found if each.session == waiting.session), None)

    def _found_at(self, place: str) -> list[FoundSession]:
        """Return what the agent left in a place; nothing where nothing of its is there."""
        try:
            return list(self.sessions.discover(Scope(places=(place,))))
        except SourceUnreadable:
            return []

    def _keep_started(self, facts: HookFacts, imported: Imported) -> None:
        """Keep sessions that this one started: their own events are among its."""
        started = [self._found_at(place) for place in facts.started[-_MOST_AROUND:]]
        found = [session for sessions in started for session in sessions]
        if found:
            self.imports.keep(Changes(found, imported, thorough=False))

    def _look_around(self, facts: HookFacts, imported: Imported) -> None:
        """Keep a few sessions of the same folder that no hook told of."""
        if not facts.folders:
            return
        changes = self.imports.find.execute(Scope(folders=facts.folders[:1]))
        size = 0
        wanted = list[FoundSession]()
        for session in changes.changed:
            if size + session.size <= _MOST_BYTES_AROUND and len(wanted) < _MOST_AROUND:
                size += session.size
                wanted.append(session)
        if wanted:
            self.imports.keep(Changes(wanted, imported))


def _stamps(session: FoundSession) -> dict[str, str]:
    """Return what tells whether a file of the agent's changed; its events apart."""
    return {file.location: file.stamp for file in session.files if file.kind.has_steps}
