"""Say how the receiver of telemetry stands, and what waits to be taken up."""

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.telemetry.receiving import ReceiverState
from opentraces.ports.receiver import Receiver
from opentraces.ports.spool import EventSpool


@frozen_dataclass
class ReceiverStatus:
    """How the receiver stands."""

    state: ReceiverState
    """Whether it runs, and what came."""

    sessions: int
    """Of how many sessions something waits."""

    spooled_bytes: int
    """Bytes that wait."""


@frozen_dataclass
class TellReceiver:
    """Say how the receiver of telemetry stands, and what waits to be taken up."""

    receiver: Receiver
    spool: EventSpool

    def execute(self) -> ReceiverStatus:
        """Raises StorageUnavailable."""
        waiting = self.spool.waiting()
        return ReceiverStatus(
            self.receiver.state(), len(waiting), sum(each.size for each in waiting)
        )
