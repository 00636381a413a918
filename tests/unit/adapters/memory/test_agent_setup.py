import pytest

from opentraces.adapters.memory.agent_setup import SETTINGS, MemoryAgentSetup
from tests.contracts.agent_setup import AgentSetupContract


class TestMemoryAgentSetup(AgentSetupContract):
    FOREIGN = b"theirs\n"
    BROKEN = b"\xff"

    @pytest.fixture
    def setup(self) -> MemoryAgentSetup:
        self.held: dict[str, bytes] = {}
        return MemoryAgentSetup(self.held)

    def other(self) -> MemoryAgentSetup:
        return MemoryAgentSetup(self.held, "/opt/python", "/opt/opentraces")

    def files(self) -> dict[str, bytes]:
        return dict(self.held)

    def settings(self) -> bytes | None:
        return self.held.get(SETTINGS)

    def write_settings(self, data: bytes) -> None:
        self.held[SETTINGS] = data

    def edit(self, data: bytes) -> bytes:
        return b"first\n" + data
