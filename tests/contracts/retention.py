"""What every AgentRetention keeps to."""

from datetime import UTC, datetime, timedelta

from opentraces.domain.session import FoundSession
from opentraces.ports.retention import AgentRetention

WRITTEN = datetime(2026, 11, 2, 9, 40, tzinfo=UTC)


class AgentRetentionContract:
    def left(self, at: datetime) -> FoundSession:
        """Be the agent, and leave a session that was last written at a moment."""
        raise NotImplementedError

    def elsewhere(self) -> FoundSession:
        """Be the user, and put a session where the agent does not look."""
        raise NotImplementedError

    def retention(self, days: int | None) -> AgentRetention:
        """Return that of the agent, told to keep sessions so long; None: told nothing."""
        raise NotImplementedError

    def test_told_nothing_it_keeps_sessions_for_thirty_days(self) -> None:
        session = self.left(WRITTEN)
        retention = self.retention(None)

        assert retention.deleted_after(session) == WRITTEN + timedelta(days=30)
        assert "30" in retention.rule()

    def test_it_does_as_it_is_told(self) -> None:
        for days in (0, 1, 3650):
            session = self.left(WRITTEN)
            retention = self.retention(days)

            assert retention.deleted_after(session) == WRITTEN + timedelta(days=days)
            assert str(days) in retention.rule()

    def test_what_is_elsewhere_is_not_deleted(self) -> None:
        session = self.elsewhere()

        assert self.retention(1).deleted_after(session) is None
