"""The bucket on a disk: every contract, and what files add to it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.domain.ids import TraceId
from tests.contracts.blob_store import BlobStoreContract
from tests.contracts.bucket_keeper import BucketKeeperContract
from tests.contracts.later_release import LaterReleaseContract
from tests.contracts.step_texts import StepTextsContract
from tests.contracts.trace_store import TraceStoreContract
from tests.contracts.trace_writer import TraceWriterContract
from tests.integration.adapters.filesystem.later import make_trace_later
from tests.integration.adapters.filesystem.on_disk import OnDisk
from tests.integration.adapters.filesystem.test_format import folder_of


class TestFilesystemLaterRelease(OnDisk, LaterReleaseContract):
    @pytest.fixture
    def make_later(self, bucket: Path) -> Callable[[TraceId], None]:
        return lambda trace: make_trace_later(folder_of(bucket, trace))


class TestFilesystemBlobStore(OnDisk, BlobStoreContract): ...


class TestFilesystemTraceStore(OnDisk, TraceStoreContract): ...


class TestFilesystemTraceWriter(OnDisk, TraceWriterContract): ...


class TestFilesystemStepTexts(OnDisk, StepTextsContract): ...


class TestFilesystemBucketKeeper(OnDisk, BucketKeeperContract): ...
