"""Let an agent tell our receiver what it does, or no more."""

from opentraces.application.set_up_agent import SetUp, SetUpAgent, SetUpRequest
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.telemetry.receiving import ReceiverState
from opentraces.ports.receiver import Receiver


@frozen_dataclass
class TelemetrySetUp:
    """What was changed, and how the receiver stands."""

    done: SetUp
    """What was changed, and what there is now."""

    state: ReceiverState
    """How the receiver is afterwards."""


@frozen_dataclass
class SetUpTelemetry:
    """Let an agent tell our receiver what it does, or no more."""

    agent: SetUpAgent
    receiver: Receiver

    def execute(self, request: SetUpRequest) -> TelemetrySetUp:
        """Idempotent; a removal ends the receiver, once nobody is told of it any more.

        Raises SettingsInvalid, Busy, StorageUnavailable.
        """
        done = self.agent.execute(request)
        if request.is_removal and not request.is_dry_run:
            self.receiver.stop()
        return TelemetrySetUp(done, self.receiver.state())
