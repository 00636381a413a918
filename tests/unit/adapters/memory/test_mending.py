"""A repair of the bucket in memory."""

import pytest

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.mending import MemoryMender
from opentraces.domain.ids import BlobId, TraceId
from tests.contracts.mender import MenderContract, Spoil, SpoilBlob
from tests.unit.adapters.memory.test_bucket import InMemory


class TestMemoryMender(InMemory, MenderContract):
    @pytest.fixture
    def mender(self, bucket: MemoryBucket, markers: MemoryMarkers) -> MemoryMender:
        return MemoryMender(bucket, markers)

    @pytest.fixture
    def teller(self, bucket: MemoryBucket, markers: MemoryMarkers) -> MemoryMender:
        return MemoryMender(bucket, markers, dry_run=True)

    @pytest.fixture
    def spoil(self, bucket: MemoryBucket) -> Spoil:
        def spoil(trace: TraceId, file: str) -> None:
            files = bucket.traces[trace].files
            files[file] = b"?" + files[file][1:]

        return spoil

    @pytest.fixture
    def spoil_blob(self, bucket: MemoryBucket) -> SpoilBlob:
        def spoil(blob: BlobId) -> None:
            bucket.blobs[blob] = b"?"

        return spoil
