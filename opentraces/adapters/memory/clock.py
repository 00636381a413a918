"""A clock that goes only while somebody waits."""

from datetime import UTC, datetime, timedelta

from opentraces.ports.clock import Clock

_EXAMPLE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class FixedClock(Clock):
    """The same moment, and what was waited since."""

    def __init__(self, moment: datetime = _EXAMPLE) -> None:
        """Stand still at `moment`, which is aware."""
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """See Clock."""
        return self._moment

    def wait(self, seconds: float) -> None:
        """See Clock."""
        self._moment += timedelta(seconds=seconds)
