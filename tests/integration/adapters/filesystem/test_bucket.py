"""The bucket on a disk: every contract, and what files add to it."""

from tests.contracts.blob_store import BlobStoreContract
from tests.contracts.bucket_keeper import BucketKeeperContract
from tests.contracts.step_texts import StepTextsContract
from tests.contracts.trace_store import TraceStoreContract
from tests.contracts.trace_writer import TraceWriterContract
from tests.integration.adapters.filesystem.on_disk import OnDisk


class TestFilesystemBlobStore(OnDisk, BlobStoreContract): ...


class TestFilesystemTraceStore(OnDisk, TraceStoreContract): ...


class TestFilesystemTraceWriter(OnDisk, TraceWriterContract): ...


class TestFilesystemStepTexts(OnDisk, StepTextsContract): ...


class TestFilesystemBucketKeeper(OnDisk, BucketKeeperContract): ...
