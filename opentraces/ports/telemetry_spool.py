"""The port to where telemetry waits, from when it came until it is kept."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from opentraces.domain.telemetry.records import SessionLines


class TelemetrySpool(Protocol):
    """Where telemetry waits, read through an EventSpool. Contract: tests/contracts/telemetry_spool.

    Any method may raise StorageUnavailable. Safe for threads of one process; of all processes of
    one home only one adds.
    """

    @abstractmethod
    def add(self, told: Sequence[SessionLines]) -> int:
        """Write lines down, in order; returns how many records found no room.

        Those of no session have a small room of their own. What was written outlives the process
        on return, and the machine once it was synced. Raises SpoolFull: nothing was written.
        """

    @abstractmethod
    def sync(self) -> None:
        """Make durable what was added before, and count again what waits."""

    @abstractmethod
    def size(self) -> int:
        """Return how many bytes wait, as last counted."""
