"""The usage ledger in memory."""

import pytest

from opentraces.adapters.memory.ledger import MemoryLedger
from tests.contracts.usage_ledger import UsageLedgerContract


class TestMemoryLedger(UsageLedgerContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()
