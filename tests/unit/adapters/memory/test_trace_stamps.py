"""Stamps of traces in memory."""

import pytest

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.trace_stamps import MemoryTraceStamps
from opentraces.adapters.memory.writing import MemoryTraceWriter
from tests.contracts.trace_stamps import TraceStampsContract


class TestMemoryTraceStamps(TraceStampsContract):
    @pytest.fixture
    def bucket(self) -> MemoryBucket:
        return MemoryBucket()

    @pytest.fixture
    def writer(self, bucket: MemoryBucket) -> MemoryTraceWriter:
        return MemoryTraceWriter(bucket, MemoryMarkers(bucket.committed_number))

    @pytest.fixture
    def stamps(self, bucket: MemoryBucket) -> MemoryTraceStamps:
        return MemoryTraceStamps(bucket)
