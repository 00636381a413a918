"""The bucket in memory: every contract the one of files keeps to."""

from collections.abc import Callable

import pytest

from opentraces.adapters.memory.blobs import MemoryBlobStore
from opentraces.adapters.memory.bucket import KeptTrace, MemoryBucket
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.texts import MemoryStepTexts
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId
from tests.contracts.blob_store import BlobStoreContract
from tests.contracts.bucket_keeper import BucketKeeperContract
from tests.contracts.later_release import LaterReleaseContract
from tests.contracts.samples import A, keep, step
from tests.contracts.step_texts import StepTextsContract
from tests.contracts.trace_store import TraceStoreContract
from tests.contracts.trace_writer import TraceWriterContract


class InMemory:
    @pytest.fixture
    def bucket(self) -> MemoryBucket:
        return MemoryBucket()

    @pytest.fixture
    def markers(self, bucket: MemoryBucket) -> MemoryMarkers:
        return MemoryMarkers(bucket.committed_number)

    @pytest.fixture
    def writer(self, bucket: MemoryBucket, markers: MemoryMarkers) -> MemoryTraceWriter:
        return MemoryTraceWriter(bucket, markers)

    @pytest.fixture
    def traces(self, bucket: MemoryBucket) -> MemoryTraceStore:
        return MemoryTraceStore(bucket)

    @pytest.fixture
    def blobs(self, bucket: MemoryBucket) -> MemoryBlobStore:
        return MemoryBlobStore(bucket)

    @pytest.fixture
    def texts(self, bucket: MemoryBucket) -> MemoryStepTexts:
        return MemoryStepTexts(bucket)

    @pytest.fixture
    def keeper(self, bucket: MemoryBucket) -> MemoryBucketKeeper:
        return MemoryBucketKeeper(bucket)


class TestMemoryLaterRelease(InMemory, LaterReleaseContract):
    @pytest.fixture
    def make_later(self, bucket: MemoryBucket) -> Callable[[TraceId], None]:
        return bucket.later.add


class TestMemoryBlobStore(InMemory, BlobStoreContract): ...


class TestMemoryTraceStore(InMemory, TraceStoreContract): ...


class TestMemoryTraceWriter(InMemory, TraceWriterContract): ...


class TestMemoryStepTexts(InMemory, StepTextsContract): ...


class TestMemoryBucketKeeper(InMemory, BucketKeeperContract):
    def test_damage_is_found(
        self, bucket: MemoryBucket, writer: MemoryTraceWriter, keeper: MemoryBucketKeeper
    ) -> None:
        kept = keep(writer, A, step(1))
        files = {name: b"x" * len(data) for name, data in bucket.traces[A].files.items()}
        bucket.traces[A] = KeptTrace(kept, files)

        assert {problem.trace for problem in keeper.verify(deep=False).problems} == {A}
        with pytest.raises(Corrupt):
            list(MemoryTraceStore(bucket).steps(kept, 1, None))
