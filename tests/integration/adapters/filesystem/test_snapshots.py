"""A copy of the bucket in another folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.snapshot.snapshots import FilesystemSnapshots
from opentraces.adapters.filesystem.traces import committed_number
from opentraces.domain.ids import TraceId
from tests.contracts.snapshots import Side, SnapshotsContract
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of, writer_of
from tests.integration.adapters.filesystem.test_format import folder_of


def side(home: Path) -> Side:
    blobs = FilesystemBlobStore(home / "bucket")
    return Side(traces_of(home), blobs, writer_of(home), keeper_of(home))


def snapshots_of(home: Path, place: Path) -> FilesystemSnapshots:
    bucket = place / "bucket"
    markers = FilesystemMarkers(place / "state", lambda trace: committed_number(bucket, trace))
    return FilesystemSnapshots(home, place, markers)


class Places:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        home = tmp_path / "home"
        keeper_of(home).prepare()
        return home

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """Not there yet."""
        return tmp_path / "backups" / "place"

    @pytest.fixture
    def here(self, home: Path) -> Side:
        return side(home)

    @pytest.fixture
    def there(self, place: Path) -> Side:
        return side(place)

    @pytest.fixture
    def snapshots(self, home: Path, place: Path) -> FilesystemSnapshots:
        return snapshots_of(home, place)


class TestFilesystemSnapshots(Places, SnapshotsContract):
    @pytest.fixture
    def damage(self, home: Path) -> Callable[[TraceId], None]:
        def damage(trace: TraceId) -> None:
            file = folder_of(home / "bucket", trace) / "steps.jsonl.gz"
            data = bytearray(file.read_bytes())
            data[-1] ^= 1
            file.write_bytes(data)

        return damage

    @pytest.fixture
    def make_another(self, place: Path) -> Callable[[], None]:
        return keeper_of(place).prepare
