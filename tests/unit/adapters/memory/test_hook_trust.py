import pytest

from opentraces.adapters.memory.hook_trust import MemoryHookTrust
from opentraces.domain.setup import HooksTrusted
from tests.contracts.hook_trust import ANSWER, HookTrustContract


class TestMemoryHookTrust(HookTrustContract):
    @pytest.fixture
    def trust(self) -> MemoryHookTrust:
        return MemoryHookTrust(ANSWER)

    @pytest.fixture
    def mute(self) -> MemoryHookTrust:
        return MemoryHookTrust(HooksTrusted(problem="it is not installed"))
