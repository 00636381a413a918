"""Bodies in memory."""

import pytest

from opentraces.adapters.claude_code.request_bodies import answer_in, session_in
from opentraces.adapters.memory.request_bodies import MemoryRequestBodies
from tests.contracts.request_bodies import RequestBodiesContract, Write


class TestMemoryRequestBodies(RequestBodiesContract):
    @pytest.fixture
    def bodies(self) -> MemoryRequestBodies:
        return MemoryRequestBodies(session_in, answer_in)

    @pytest.fixture
    def write(self, bodies: MemoryRequestBodies) -> Write:
        return bodies.write
