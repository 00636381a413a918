"""Events in memory."""

import pytest

from opentraces.adapters.memory.spool import MemoryEventSpool
from tests.contracts.event_spool import EventSpoolContract, Write


class TestMemoryEventSpool(EventSpoolContract):
    @pytest.fixture
    def spool(self) -> MemoryEventSpool:
        return MemoryEventSpool()

    @pytest.fixture
    def other(self, spool: MemoryEventSpool) -> MemoryEventSpool:
        return spool

    @pytest.fixture
    def write(self, spool: MemoryEventSpool) -> Write:
        return spool.write
