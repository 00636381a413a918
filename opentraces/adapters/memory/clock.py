"""A clock that stands still."""

from datetime import UTC, datetime

from opentraces.ports.clock import Clock

_EXAMPLE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class FixedClock(Clock):
    """Always the same moment."""

    def __init__(self, moment: datetime = _EXAMPLE) -> None:
        """Stand still at `moment`, which is aware."""
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """See Clock."""
        return self._moment
