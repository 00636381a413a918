"""Checkouts in memory."""

from collections.abc import Callable

import pytest

from opentraces.adapters.memory.checkouts import MemoryCheckouts
from opentraces.domain.enrolment import Checkout
from tests.contracts.checkouts import CheckoutsContract


class TestMemoryCheckouts(CheckoutsContract):
    @pytest.fixture
    def place(self) -> str:
        return "/w"

    @pytest.fixture
    def checkouts(self) -> MemoryCheckouts:
        checkouts = MemoryCheckouts(["/w/plain/folder"], bare=["/w/bare.git"])
        checkouts.put(
            Checkout("/w/main", "/w/main/.git", 2049, 12),
            Checkout("/w/main-fix", "/w/main/.git", 2049, 12),
        )
        return checkouts

    @pytest.fixture
    def remove(self, checkouts: MemoryCheckouts) -> Callable[[str], None]:
        return lambda name: checkouts.take_away(f"/w/{name}")
