"""Whether the hooks of repositories are in order, where there are any of ours."""

from collections.abc import Callable, Iterable, Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup
from opentraces.ports.checkouts import Checkouts

_TOPIC = "git"


@frozen_dataclass
class GitHooksChecker(Checker):
    """Looks at the hooks that were put into repositories, and puts them in again."""

    setups: Callable[[], Iterable[tuple[str, AgentSetup]]]
    """Each repository whose hooks were set up, with a checkout of it."""

    checkouts: Checkouts

    def checks(self) -> Iterator[Check]:
        """See Checker. To have none is in order: commits are found without them."""
        found = [check for place, setup in self.setups() for check in self._checks(place, setup)]
        yield from found or [Check(_TOPIC, Level.OK, "no hooks in repositories")]

    def mend(self) -> Iterator[str]:
        """See Checker. Never where the user had none, nor where nothing runs them."""
        for place, setup in self.setups():
            found = setup.inspect() if self.checkouts.is_there(place) else None
            if found is None or not found.is_installed or found.shadowed_by or found.problem:
                continue
            plan = setup.install()
            if plan.changes:
                setup.apply(plan)
                yield f"put the hooks of {place} in order"

    def _checks(self, place: str, setup: AgentSetup) -> Iterator[Check]:
        if not self.checkouts.is_there(place):
            yield Check(_TOPIC, Level.OK, f"hooks were put into {place}, which is gone")
            return
        found = setup.inspect()
        advice = f"run opentraces setup git in {place}"
        if found.problem is not None:
            yield Check(_TOPIC, Level.WARN, f"hooks of {place} unknown: {found.problem}")
        elif found.shadowed_by is not None:
            text = f"hooks are in {found.settings}, and Git looks into {found.shadowed_by}"
            yield Check(_TOPIC, Level.WARN, f"{text}: they never run", advice)
        elif found.missing:
            text = f"{', '.join(found.missing)} of {place} is without our lines"
            yield Check(_TOPIC, Level.WARN, text, advice)
        elif not found.is_for_us:
            text = f"hooks of {place} are of another release, or write to another home"
            yield Check(_TOPIC, Level.WARN, text, advice)
        else:
            yield Check(_TOPIC, Level.OK, f"hooks installed in {found.settings}")
