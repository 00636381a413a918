"""Garbage in memory."""

from datetime import datetime

import pytest

from opentraces.adapters.memory.garbage import MemoryGarbageCollector, Piece
from opentraces.domain.garbage import GarbageKind
from tests.contracts.garbage import GarbageCollectorContract, Litter


class TestMemoryGarbageCollector(GarbageCollectorContract):
    @pytest.fixture
    def collector(self) -> MemoryGarbageCollector:
        return MemoryGarbageCollector()

    @pytest.fixture
    def kinds(self) -> tuple[GarbageKind, ...]:
        return tuple(GarbageKind)

    @pytest.fixture
    def litter(self, collector: MemoryGarbageCollector) -> Litter:
        def leave(kind: GarbageKind, changed: datetime) -> int:
            collector.pieces.append(Piece(kind, 5, changed))
            return 5

        return leave
