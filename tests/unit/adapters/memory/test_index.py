import pytest

from opentraces.adapters.memory.index import MemoryIndex
from opentraces.ports.index import IndexState
from tests.contracts.index_writer import IndexWriterContract
from tests.contracts.trace_index import TraceIndexContract, fill


@pytest.fixture
def memory() -> MemoryIndex:
    return MemoryIndex()


class TestMemoryIndex(TraceIndexContract):
    @pytest.fixture
    def index(self, memory: MemoryIndex) -> MemoryIndex:
        return memory

    @pytest.fixture
    def writer(self, memory: MemoryIndex) -> MemoryIndex:
        return memory


class TestMemoryIndexWriter(IndexWriterContract):
    @pytest.fixture
    def index(self, memory: MemoryIndex) -> MemoryIndex:
        return memory

    @pytest.fixture
    def writer(self, memory: MemoryIndex) -> MemoryIndex:
        return memory


def test_a_lost_index_is_absent(memory: MemoryIndex) -> None:
    fill(memory, [])
    memory.lose()

    assert memory.state() is IndexState.ABSENT
