"""Progress in memory."""

import pytest

from opentraces.adapters.memory.progress import MemoryProgress
from tests.contracts.progress_store import ProgressStoreContract


class TestMemoryProgress(ProgressStoreContract):
    @pytest.fixture
    def store(self) -> MemoryProgress:
        return MemoryProgress()
