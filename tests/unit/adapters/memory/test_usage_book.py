"""The usage book in memory."""

import pytest

from opentraces.adapters.memory.ledger import MemoryLedger
from tests.contracts.usage_book import UsageBookContract


class TestMemoryUsageBook(UsageBookContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()

    @pytest.fixture
    def book(self, ledger: MemoryLedger) -> MemoryLedger:
        return ledger
