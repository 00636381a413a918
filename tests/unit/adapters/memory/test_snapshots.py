"""A copy of the bucket in memory."""

from collections.abc import Callable

import pytest

from opentraces.adapters.memory.blobs import MemoryBlobStore
from opentraces.adapters.memory.bucket import KeptTrace, MemoryBucket
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.snapshots import MemorySnapshots
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.domain.ids import TraceId
from tests.contracts.snapshots import Side, SnapshotsContract


def side(bucket: MemoryBucket) -> Side:
    return Side(
        MemoryTraceStore(bucket),
        MemoryBlobStore(bucket),
        MemoryTraceWriter(bucket, MemoryMarkers(bucket.committed_number)),
        MemoryBucketKeeper(bucket),
    )


class TestMemorySnapshots(SnapshotsContract):
    @pytest.fixture
    def bucket(self) -> MemoryBucket:
        return MemoryBucket()

    @pytest.fixture
    def copy(self) -> MemoryBucket:
        return MemoryBucket()

    @pytest.fixture
    def here(self, bucket: MemoryBucket) -> Side:
        here = side(bucket)
        here.keeper.prepare()
        return here

    @pytest.fixture
    def there(self, copy: MemoryBucket) -> Side:
        return side(copy)

    @pytest.fixture
    def snapshots(self, bucket: MemoryBucket, copy: MemoryBucket) -> MemorySnapshots:
        return MemorySnapshots(bucket, copy)

    @pytest.fixture
    def damage(self, bucket: MemoryBucket) -> Callable[[TraceId], None]:
        def damage(trace: TraceId) -> None:
            kept = bucket.traces[trace]
            steps = b"x" * len(kept.files["steps.jsonl.gz"])
            bucket.traces[trace] = KeptTrace(kept.envelope, kept.files | {"steps.jsonl.gz": steps})

        return damage

    @pytest.fixture
    def make_another(self, copy: MemoryBucket) -> Callable[[], None]:
        def make() -> None:
            copy.name = "another"

        return make
