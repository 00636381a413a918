"""A receiver of telemetry that only says that it runs."""

from opentraces.domain.telemetry.receiving import USUAL_PORT, ReceiverState
from opentraces.ports.receiver import Receiver


class MemoryReceiver(Receiver):
    """`starts` and `ends` count."""

    def __init__(self, *, is_running: bool = False) -> None:
        """Begin with one that runs, or none."""
        self.starts = self.ends = 0
        self._is_running = is_running

    def start(self) -> None:
        """See Receiver."""
        self.starts += not self._is_running
        self._is_running = True

    def stop(self) -> None:
        """See Receiver."""
        self.ends += self._is_running
        self._is_running = False

    def state(self) -> ReceiverState:
        """See Receiver."""
        return ReceiverState(self._is_running, USUAL_PORT, is_answering=self._is_running)
