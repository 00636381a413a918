"""A repair of the bucket on a disk."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.mending.mender import FilesystemMender
from opentraces.adapters.filesystem.room import FilesystemRoom
from opentraces.domain.ids import BlobId, TraceId
from tests.contracts.mender import MenderContract, Spoil, SpoilBlob
from tests.integration.adapters.filesystem.on_disk import OnDisk
from tests.integration.adapters.filesystem.test_format import folder_of


class TestFilesystemMender(OnDisk, MenderContract):
    @pytest.fixture
    def mender(self, place: Path, markers: FilesystemMarkers) -> FilesystemMender:
        return FilesystemMender(place, markers, SystemClock(), dry_run=False)

    @pytest.fixture
    def teller(self, place: Path, markers: FilesystemMarkers) -> FilesystemMender:
        return FilesystemMender(place, markers, SystemClock(), dry_run=True)

    @pytest.fixture
    def spoil(self, bucket: Path) -> Spoil:
        def spoil(trace: TraceId, file: str) -> None:
            _spoil(folder_of(bucket, trace) / file)

        return spoil

    @pytest.fixture
    def spoil_blob(self, bucket: Path) -> SpoilBlob:
        def spoil(blob: BlobId) -> None:
            _spoil(next((bucket / "blobs").rglob(f"{blob}.zst")))

        return spoil


def _spoil(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:12] + bytes((data[12] ^ 1,)) + data[13:])


def test_room_is_that_of_the_disk_a_folder_will_be_on(tmp_path: Path) -> None:
    assert FilesystemRoom(tmp_path / "not" / "there").free() > 0
