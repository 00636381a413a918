"""Put our hooks into an agent's configuration, or take them out."""

from opentraces.domain.setup import HooksFound, SetupPlan
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup


@frozen_dataclass
class SetUpRequest:
    """What to do."""

    is_removal: bool = False
    """Take the hooks out, instead of putting them in."""

    is_dry_run: bool = False
    """Only say what would be changed."""


@frozen_dataclass
class SetUp:
    """What was changed, and what there is now."""

    request: SetUpRequest
    """What was asked for."""

    plan: SetupPlan
    """All that was changed; of a dry run, what would be."""

    was_installed: bool
    """Whether any hook of ours was there before."""

    found: HooksFound
    """What is installed afterwards."""


@frozen_dataclass
class SetUpAgent:
    """Put our hooks into an agent's configuration, or take them out."""

    setup: AgentSetup

    def execute(self, request: SetUpRequest) -> SetUp:
        """Idempotent. Raises SettingsInvalid, Busy, StorageUnavailable."""
        was_installed = self.setup.inspect().is_installed
        plan = self.setup.remove() if request.is_removal else self.setup.install()
        if not request.is_dry_run:
            self.setup.apply(plan)
        return SetUp(request, plan, was_installed, self.setup.inspect())
