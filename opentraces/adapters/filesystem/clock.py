"""The machine's clock."""

from datetime import UTC, datetime
from time import sleep

from opentraces.ports.clock import Clock


class SystemClock(Clock):
    """What the machine says."""

    def now(self) -> datetime:
        """See Clock."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        """See Clock."""
        sleep(seconds)
