"""Whether an agent's hooks are installed, in order, and heard of."""

from collections.abc import Callable, Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import ago, count
from opentraces.domain.health import Check, Level
from opentraces.domain.setup import HooksFound
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup
from opentraces.ports.clock import Clock
from opentraces.ports.enrolments import Enrolments
from opentraces.ports.spool import EventSpool
from opentraces.ports.work_log import WorkLog


@frozen_dataclass
class Firings:
    """What hooks leave behind when they fire."""

    spool: EventSpool
    log: WorkLog
    clock: Clock

    def last(self, agent: str) -> str | None:
        """Say how long ago an agent's hooks fired last. None: they never did.

        Events that were kept are gone; of those the log of workers tells.
        """
        moments = [each.newest for each in self.spool.waiting() if each.agent == agent]
        written = self.log.written(agent)
        moments += [written] if written else []
        return ago(max(moments), self.clock.now()) if moments else None


@frozen_dataclass
class HooksChecker(Checker):
    """Looks at our hooks in one agent's configuration, and installs them again."""

    agent: str
    """Whose."""

    home: str
    """The folder that they should write to."""

    setup: AgentSetup
    enrolments: Enrolments
    firings: Firings

    left_in: Callable[[str], int | None]
    """Of how many sessions events wait in another home. None: it is gone."""

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        found = self.setup.inspect()
        if found.problem is not None:
            text, _, advice = found.problem.partition(" → ")
            yield Check(self.agent, Level.FAIL, f"hooks unknown: {text}", advice or None)
        elif not found.is_installed:
            yield self._not_installed(found)
        else:
            faults = list(self._faults(found))
            yield from faults or [self._in_order(found)]

    def mend(self) -> Iterator[str]:
        """See Checker. Never where the user had none, or has them for another home."""
        found = self.setup.inspect()
        is_broken = found.missing or not found.interpreter_is_there or not found.script_is_ours
        if found.problem or not found.is_installed or not is_broken or self._is_elsewhere(found):
            return
        self.setup.apply(self.setup.install())
        yield f"installed the hooks of {self.agent} again: {found.settings}"

    def _not_installed(self, found: HooksFound) -> Check:
        if not found.agent_is_there:
            return Check(self.agent, Level.OK, "not used on this machine")
        folders = self._enrolled()
        if not folders:
            return Check(self.agent, Level.OK, "hooks are not installed, and nothing is enrolled")
        text = f"hooks are not installed, so nothing is captured live in {count(folders, 'folder')}"
        return self._to_set_up(Level.WARN, text)

    def _faults(self, found: HooksFound) -> Iterator[Check]:
        if found.is_switched_off:
            text = f"hooks are installed, and {found.settings} tells the agent to run none"
            yield Check(self.agent, Level.WARN, text, "take disableAllHooks out of it")
        if not found.interpreter_is_there:
            gone = found.interpreter or "not named"
            yield self._to_set_up(Level.FAIL, f"the Python of the hooks is gone: {gone}")
        elif not found.script_is_ours:
            text = f"the script of the hooks is gone, or of another release: {found.script}"
            yield self._to_set_up(Level.FAIL, text)
        if found.home is not None and self._is_elsewhere(found):
            yield from self._elsewhere(found.home)
        elif not found.is_for_us and found.interpreter_is_there:
            yield self._to_set_up(Level.WARN, f"hooks run another Python: {found.interpreter}")
        if found.missing:
            yield self._to_set_up(Level.WARN, f"no hook runs at {', '.join(found.missing)}")

    def _elsewhere(self, other: str) -> Iterator[Check]:
        """Say what follows from hooks that write to another home: it may have been moved here."""
        left = self.left_in(other)
        if left is None:
            level = Level.FAIL if self._enrolled() else Level.WARN
            yield self._to_set_up(
                level, f"hooks write to {other}, which is gone: nothing comes of it"
            )
            return
        yield self._to_set_up(Level.WARN, f"hooks write to {other}, and not to {self.home}")
        if left:
            spool = f"spool/{self.agent}"
            advice = f"if you moved from there, move its {spool}/* here, and run opentraces ingest"
            text = f"events of {count(left, 'session')} wait in {other}"
            yield Check(self.agent, Level.WARN, text, advice)

    def _in_order(self, found: HooksFound) -> Check:
        events = count(len(found.events), "event")
        installed = f"hooks installed at {events}, run by {found.interpreter}"
        last = self.firings.last(self.agent)
        if last is not None:
            return Check(self.agent, Level.OK, f"{installed}, last fired {last}")
        if not self._enrolled():
            return Check(self.agent, Level.OK, f"{installed}, nothing is enrolled")
        advice = f"start {self.agent} anew in a folder that is enrolled"
        return Check(self.agent, Level.WARN, f"{installed}, never fired", advice)

    def _is_elsewhere(self, found: HooksFound) -> bool:
        return found.home not in (None, self.home)

    def _enrolled(self) -> int:
        """Return in how many folders hooks write something down."""
        return len(self.enrolments.listed(self.agent))

    def _to_set_up(self, level: Level, text: str) -> Check:
        return Check(self.agent, level, text, f"opentraces setup {self.agent}")
