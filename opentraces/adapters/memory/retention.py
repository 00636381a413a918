"""An agent that deletes sessions some days after they were written."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession
from opentraces.ports.retention import AgentRetention

_DEFAULT_DAYS = 30


class MemoryRetention(AgentRetention):
    """See AgentRetention."""

    def __init__(self, written: Mapping[SessionId, datetime], days: int = _DEFAULT_DAYS) -> None:
        """Delete sessions `days` after they were written; others, never."""
        self._written = written
        self._days = days

    def deleted_after(self, session: FoundSession) -> datetime | None:
        """See AgentRetention."""
        written = self._written.get(session.session)
        return None if written is None else written + timedelta(days=self._days)

    def rule(self) -> str:
        """See AgentRetention."""
        return f"the agent keeps sessions for {self._days} days"
