"""The machine's clock."""

from datetime import UTC, datetime

from opentraces.ports.clock import Clock


class SystemClock(Clock):
    """What the machine says."""

    def now(self) -> datetime:
        """See Clock."""
        return datetime.now(UTC)
