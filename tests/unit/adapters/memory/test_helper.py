"""The helper of unit tests."""

import pytest

from opentraces.adapters.memory.helper import MemoryHelper
from opentraces.ports.helper import Helper
from tests.contracts.helper import HelperContract, double


class TestMemoryHelper(HelperContract):
    @pytest.fixture
    def made(self) -> Helper[int, int]:
        return MemoryHelper(double)
