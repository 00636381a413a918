"""Cursors in memory."""

import pytest

from opentraces.adapters.memory.cursors import MemoryCursors
from tests.contracts.cursors import CursorsContract


class TestMemoryCursors(CursorsContract):
    @pytest.fixture
    def cursors(self) -> MemoryCursors:
        return MemoryCursors()
