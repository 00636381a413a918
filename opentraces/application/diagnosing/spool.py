"""Whether what hooks wrote down is taken up."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from opentraces.application.diagnosing.checker import Checker
from opentraces.application.ingest_all import IngestAll
from opentraces.application.ingest_events import UNKNOWN
from opentraces.domain.amounts import ago, count
from opentraces.domain.health import Check, Level
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.clock import Clock
from opentraces.ports.spool import EventSpool, Waiting

_TOPIC = "events"
_LONG = timedelta(days=1)
_SOON = timedelta(seconds=60)
"""A worker takes longer than that only when it was killed, or when the agent goes on."""


@frozen_dataclass
class SpoolChecker(Checker):
    """Looks at the events that wait, and takes them up."""

    spools: tuple[EventSpool, ...]
    clock: Clock

    forgeable: frozenset[Agent]
    """Agents whose events anybody may have written: those alone make no trace, and may stay."""

    ingest: Callable[[], IngestAll]
    """Called to mend, and only where events wait: it makes the bucket."""

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        waiting = self._waiting()
        named = [each for each in waiting if each.session != UNKNOWN]
        stray = [each for each in named if self._is_stray(each)]
        due = [each for each in named if each not in stray]
        yield self._named(due) if due else Check(_TOPIC, Level.OK, "none waits to be kept")
        if stray:
            yield _stray(stray)
        for each in waiting:
            if each.session == UNKNOWN:
                text = f"some name no session, the last of {ago(each.newest, self.clock.now())}"
                advice = f"the agent may have changed its format: see {each.location}"
                yield Check(_TOPIC, Level.WARN, text, advice)

    def mend(self) -> Iterator[str]:
        """See Checker."""
        before = self._sessions()
        if before:
            for _ in self.ingest().execute():
                pass
        if done := len(before - self._sessions()):
            yield f"kept what hooks wrote down of {count(done, 'session')}"

    def _named(self, waiting: list[Waiting]) -> Check:
        oldest = min(each.newest for each in waiting)
        now = self.clock.now()
        whose = f"those of {count(len(waiting), 'session')} wait to be kept"
        if abs(now - oldest) < _SOON:
            return Check(_TOPIC, Level.OK, whose)
        text = f"{whose}, the oldest of {ago(oldest, now)}: the agent is at work, or was killed"
        return Check(_TOPIC, Level.WARN, text, "opentraces ingest")

    def _is_stray(self, waiting: Waiting) -> bool:
        is_old = abs(self.clock.now() - waiting.newest) > _LONG
        return is_old and waiting.agent in self.forgeable

    def _waiting(self) -> list[Waiting]:
        return [each for spool in self.spools for each in spool.waiting()]

    def _sessions(self) -> frozenset[tuple[str, str]]:
        waiting = self._waiting()
        return frozenset((each.agent, each.session) for each in waiting if each.session != UNKNOWN)


def _stray(waiting: list[Waiting]) -> Check:
    text = f"some of {count(len(waiting), 'session')} lie in repositories for more than a day"
    rest = f"what that leaves is of no session on this machine: see {waiting[0].location}"
    return Check(_TOPIC, Level.WARN, text, f"opentraces ingest; {rest}")
