"""A list of commits in memory keeps to what Git's does."""

import pytest

from opentraces.adapters.memory.commit_log import MemoryCommitLog
from opentraces.adapters.memory.repository import MemoryRepository
from tests.contracts.commit_log import CommitLogContract
from tests.unit.adapters.memory.test_repository import MemoryMaker


class TestMemoryCommitLog(CommitLogContract):
    @pytest.fixture
    def maker(self) -> MemoryMaker:
        return MemoryMaker()

    @pytest.fixture
    def checkout(self) -> str:
        return "/checkout"

    @pytest.fixture
    def log(self, maker: MemoryRepository, checkout: str) -> MemoryCommitLog:
        return MemoryCommitLog({checkout: maker})
