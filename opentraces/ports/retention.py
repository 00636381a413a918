"""The port to how long an agent keeps its own sessions."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from opentraces.domain.session import FoundSession


class AgentRetention(Protocol):
    """When an agent deletes what it wrote. Contract: tests/contracts/retention.py."""

    @abstractmethod
    def deleted_after(self, session: FoundSession) -> datetime | None:
        """Return from when on the agent deletes a session, aware; may be past.

        None: it never does, or the session is not where the agent looks.
        """

    @abstractmethod
    def rule(self) -> str:
        """Say what decides it, in the agent's own words."""
