"""A home in memory."""

import pytest

from opentraces.adapters.memory.home import MemoryHome
from tests.contracts.home import HomeContract


class TestMemoryHome(HomeContract):
    @pytest.fixture
    def home(self) -> MemoryHome:
        return MemoryHome({"/home/me/.opentraces/bucket": 5, "/home/me/.opentraces/spool": 2})

    @pytest.fixture
    def empty(self) -> MemoryHome:
        return MemoryHome()
