"""The port to the process that receives telemetry."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.telemetry.receiving import ReceiverState


class Receiver(Protocol):
    """The one receiver of a home. Contract: tests/contracts/receiver.py.

    Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def start(self) -> None:
        """Start it, unless it runs, and return when it takes requests; it outlives its starter.

        Raises StorageUnavailable: it cannot listen; Busy: it does not say that it does.
        """

    @abstractmethod
    def stop(self) -> None:
        """End it, if it runs, and return when it has ended; no other process is ever ended.

        Raises Busy: it does not end, or which process it is cannot be told.
        """

    @abstractmethod
    def state(self) -> ReceiverState:
        """Say whether it runs, and what came since it was started."""
