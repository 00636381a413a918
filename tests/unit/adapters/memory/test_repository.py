"""A repository and a diff in memory keep to what Git's do."""

import pytest

from opentraces.adapters.memory.repository import MemoryRepositories, MemoryRepository
from opentraces.adapters.memory.text_diff import MemoryTextDiff
from tests.contracts.repositories import RepositoriesContract
from tests.contracts.repository import Maker, RepositoryContract
from tests.contracts.text_diff import TextDiffContract


class MemoryMaker(MemoryRepository, Maker):
    """The memory repository is its own user."""

    def repository(self) -> MemoryRepository:
        return self

    def write(self, path: str, data: bytes | None) -> None:
        self.worktree.pop(path, None)
        if data is not None:
            self.worktree[path] = data


class TestMemoryRepository(RepositoryContract):
    @pytest.fixture
    def maker(self) -> Maker:
        return MemoryMaker()


class TestMemoryRepositories(RepositoriesContract):
    @pytest.fixture
    def repositories(self) -> MemoryRepositories:
        return MemoryRepositories({"/checkout": MemoryRepository()})

    @pytest.fixture
    def checkout(self) -> str:
        return "/checkout"

    @pytest.fixture
    def nothing(self) -> str:
        return "/checkout/inside"


class TestMemoryTextDiff(TextDiffContract):
    @pytest.fixture
    def diff(self) -> MemoryTextDiff:
        return MemoryTextDiff()
