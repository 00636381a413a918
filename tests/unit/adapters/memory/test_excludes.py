"""Lists of exclusions in memory."""

import pytest

from opentraces.adapters.memory.excludes import MemoryExcludes
from tests.contracts.excludes import ExcludesContract, Read, Write

REPOSITORY = "/w/main/.git"


class TestMemoryExcludes(ExcludesContract):
    @pytest.fixture
    def excludes(self) -> MemoryExcludes:
        return MemoryExcludes({REPOSITORY: None})

    @pytest.fixture
    def repository(self) -> str:
        return REPOSITORY

    @pytest.fixture
    def read(self, excludes: MemoryExcludes) -> Read:
        return lambda: excludes.lists[REPOSITORY]

    @pytest.fixture
    def write(self, excludes: MemoryExcludes) -> Write:
        return lambda data: excludes.lists.update({REPOSITORY: data})
