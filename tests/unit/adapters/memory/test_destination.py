import pytest

from opentraces.adapters.memory.destination import MemoryDestination
from tests.contracts.destination import DestinationContract


class TestMemoryDestination(DestinationContract):
    @pytest.fixture
    def destination(self) -> MemoryDestination:
        self.made = MemoryDestination()
        return self.made

    def held(self, name: str) -> bytes | None:
        return self.made.files.get(name)
