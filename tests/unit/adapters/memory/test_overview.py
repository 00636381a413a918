"""The overview in memory."""

import pytest

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.overview import MemoryTraceOverview
from opentraces.adapters.memory.writing import MemoryTraceWriter
from tests.contracts.overview import TraceOverviewContract


class TestMemoryTraceOverview(TraceOverviewContract):
    @pytest.fixture
    def bucket(self) -> MemoryBucket:
        return MemoryBucket()

    @pytest.fixture
    def writer(self, bucket: MemoryBucket) -> MemoryTraceWriter:
        return MemoryTraceWriter(bucket, MemoryMarkers(bucket.committed_number))

    @pytest.fixture
    def overview(self, bucket: MemoryBucket) -> MemoryTraceOverview:
        return MemoryTraceOverview(bucket)
