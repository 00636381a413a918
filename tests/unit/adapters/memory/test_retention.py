from datetime import datetime

from opentraces.adapters.memory.retention import MemoryRetention
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, FoundSession
from tests.contracts.retention import AgentRetentionContract


class TestMemoryRetention(AgentRetentionContract):
    def left(self, at: datetime) -> FoundSession:
        self.written = {SessionId("here"): at}
        return FoundSession(Agent.CLAUDE_CODE, SessionId("here"), ())

    def elsewhere(self) -> FoundSession:
        self.written = {}
        return FoundSession(Agent.CLAUDE_CODE, SessionId("there"), ())

    def retention(self, days: int | None) -> MemoryRetention:
        if days is None:
            return MemoryRetention(self.written)
        return MemoryRetention(self.written, days)
