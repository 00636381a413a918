"""Names of commits in memory mean what Git's do."""

import pytest

from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.adapters.memory.revisions import MemoryRevisions
from tests.contracts.revisions import RevisionsContract
from tests.unit.adapters.memory.test_repository import MemoryMaker


class TestMemoryRevisions(RevisionsContract):
    @pytest.fixture
    def maker(self) -> MemoryMaker:
        return MemoryMaker()

    @pytest.fixture
    def checkout(self) -> str:
        return "/checkout"

    @pytest.fixture
    def revisions(self, maker: MemoryRepository, checkout: str) -> MemoryRevisions:
        return MemoryRevisions({checkout: maker})
