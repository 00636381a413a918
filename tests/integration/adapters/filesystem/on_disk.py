"""A home on a disk, and the adapters that write to it."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.adapters.filesystem.traces import FilesystemTraceStore, committed_number
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter


def writer_of(home: Path) -> FilesystemTraceWriter:
    bucket = home / "bucket"
    markers = FilesystemMarkers(home / "state", lambda trace: committed_number(bucket, trace))
    return FilesystemTraceWriter(bucket, home / "state", markers)


def keeper_of(home: Path) -> FilesystemBucketKeeper:
    return FilesystemBucketKeeper(home, SystemClock())


def traces_of(home: Path) -> FilesystemTraceStore:
    return FilesystemTraceStore(home / "bucket")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by relative name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class OnDisk:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """The home; not there yet."""
        return tmp_path / "place"

    @pytest.fixture
    def bucket(self, place: Path) -> Path:
        return place / "bucket"

    @pytest.fixture
    def markers(self, place: Path, bucket: Path) -> FilesystemMarkers:
        return FilesystemMarkers(place / "state", lambda trace: committed_number(bucket, trace))

    @pytest.fixture
    def writer(self, place: Path, markers: FilesystemMarkers) -> FilesystemTraceWriter:
        return FilesystemTraceWriter(place / "bucket", place / "state", markers)

    @pytest.fixture
    def traces(self, place: Path) -> FilesystemTraceStore:
        return traces_of(place)

    @pytest.fixture
    def blobs(self, bucket: Path) -> FilesystemBlobStore:
        return FilesystemBlobStore(bucket)

    @pytest.fixture
    def texts(self, bucket: Path) -> FilesystemStepTexts:
        return FilesystemStepTexts(bucket)

    @pytest.fixture
    def keeper(self, place: Path) -> FilesystemBucketKeeper:
        return keeper_of(place)
