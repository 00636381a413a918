"""The fake of worktrees that we make keeps to the contract."""

from collections.abc import Mapping

import pytest

from opentraces.adapters.memory.new_worktrees import MemoryNewWorktrees
from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.domain.trail.history import CommitId
from opentraces.ports.worktrees import Worktrees
from tests.contracts.worktrees import FILES, WorktreesContract


class TestMemoryNewWorktrees(WorktreesContract):
    @pytest.fixture(autouse=True)
    def made(self) -> None:
        repository = MemoryRepository()
        self.name = repository.commit(FILES)
        self.repository = repository
        repository.move(repository.commit({}, [self.name]))
        self.memory = MemoryNewWorktrees({"/w": repository})

    @pytest.fixture
    def worktrees(self) -> Worktrees:
        return self.memory

    @pytest.fixture
    def checkout(self) -> str:
        return "/w"

    @pytest.fixture
    def commit(self) -> CommitId:
        return self.name

    @pytest.fixture
    def folder(self) -> str:
        return "/new/w"

    def held(self, folder: str) -> Mapping[str, bytes] | None:
        return self.memory.made.get(folder)
