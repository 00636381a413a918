"""Say how the receiver of telemetry stands, and what waits to be taken up."""

from dataclasses import dataclass

from opentraces.domain.telemetry.receiving import ReceiverState
from opentraces.ports.receiver import Receiver
from opentraces.ports.spool import EventSpool


@dataclass(frozen=True, slots=True)
class ReceiverStatus:
    """How the receiver stands."""

    state: ReceiverState
    """Whether it runs, and what came."""

    sessions: int
    """Of how many sessions something waits."""

    spooled_bytes: int
    """Bytes that wait."""


@dataclass(frozen=True, slots=True)
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
