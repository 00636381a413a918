"""Start or end the receiver of telemetry."""

from enum import StrEnum

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.telemetry.receiving import ReceiverState
from opentraces.ports.receiver import Receiver


class Wanted(StrEnum):
    """What is to be done with the receiver; the value is the command's name."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"


@frozen_dataclass
class ReceiverRun:
    """What was done."""

    wanted: Wanted
    """What was asked for."""

    was_running: bool
    """Whether there was one before."""

    state: ReceiverState
    """How it is now."""


@frozen_dataclass
class RunReceiver:
    """Start or end the receiver of telemetry."""

    receiver: Receiver

    def execute(self, wanted: Wanted) -> ReceiverRun:
        """Idempotent. Raises Busy, StorageUnavailable."""
        was_running = self.receiver.state().is_running
        if wanted is not Wanted.START:
            self.receiver.stop()
        if wanted is not Wanted.STOP:
            self.receiver.start()
        return ReceiverRun(wanted, was_running, self.receiver.state())
