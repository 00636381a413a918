"""Whether an agent runs our hooks, where its user has to trust each of them first."""

from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.health import Check, Level
from opentraces.domain.setup import HooksTrusted
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup
from opentraces.ports.hook_trust import HookTrust


@frozen_dataclass
class TrustChecker(Checker):
    """Asks an agent what it does with our hooks; there is nothing to mend, for the user decides."""

    agent: str
    """Which."""

    program: str
    """What a user starts it by."""

    setup: AgentSetup
    trust: HookTrust

    def checks(self) -> Iterator[Check]:
        """See Checker. Where none is installed, the agent is not even started."""
        if not self.setup.inspect().is_installed:
            return
        told = self.trust.ask()
        if told.problem is not None:
            text = f"whether the hooks are trusted is not known: {told.problem}"
            yield self._check(Level.WARN, text, f"look at /hooks in {self.program}")
            return
        for complaint in told.complaints:
            yield self._check(Level.WARN, f"it says of its hooks: {complaint}")
        skipped = list(self._skipped(told))
        yield from skipped or [self._running(told)]

    def _skipped(self, told: HooksTrusted) -> Iterator[Check]:
        for events, why, advice in (
            (told.untrusted, "not trusted yet", "trust them"),
            (told.modified, "changed since they were trusted", "trust them"),
            (told.disabled, "switched off", "switch them on"),
        ):
            if events:
                text = f"hooks at {count(len(events), 'event')} are skipped: {why}"
                yield self._check(
                    Level.WARN, text, f"start {self.program}, type /hooks, and {advice}"
                )

    def _running(self, told: HooksTrusted) -> Check:
        if told.trusted:
            events = count(len(told.trusted), "event")
            return self._check(Level.OK, f"hooks at {events} are trusted")
        advice = f"look at /hooks in {self.program}"
        return self._check(Level.WARN, "hooks are installed, and it knows of none", advice)

    def _check(self, level: Level, text: str, advice: str | None = None) -> Check:
        return Check(self.agent, level, text, advice)
