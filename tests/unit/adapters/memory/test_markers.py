"""Markers in memory."""

import pytest

from opentraces.adapters.memory.markers import MemoryMarkers
from tests.contracts.markers import Commits, MarkersContract


class TestMemoryMarkers(MarkersContract):
    @pytest.fixture
    def markers(self, commits: Commits) -> MemoryMarkers:
        return MemoryMarkers(lambda trace: commits.get(trace, 0))
