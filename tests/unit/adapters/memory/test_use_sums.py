"""What each session used, in memory."""

import pytest

from opentraces.adapters.memory.use_sums import MemoryUseSums
from tests.contracts.use_sums import UseSumsContract


class TestMemoryUseSums(UseSumsContract):
    @pytest.fixture
    def sums(self) -> MemoryUseSums:
        return MemoryUseSums()
