"""What is noted of trails, in memory."""

import pytest

from opentraces.adapters.memory.trail_index import MemoryTrailIndex
from tests.contracts.trail_index import TrailIndexContract


class TestMemoryTrailIndex(TrailIndexContract):
    @pytest.fixture
    def trails(self) -> MemoryTrailIndex:
        return MemoryTrailIndex()
