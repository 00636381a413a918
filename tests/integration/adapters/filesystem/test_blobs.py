"""Blobs on a disk that is not to be trusted."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.domain.errors import Corrupt
from tests.integration.adapters.filesystem.on_disk import OnDisk

DATA = b"some bytes of a file\n" * 100_000


class TestBlobs(OnDisk):
    @pytest.fixture
    def path(self, bucket: Path, blobs: FilesystemBlobStore) -> Path:
        blob = blobs.put([DATA]).blob
        return bucket / "blobs" / "v1" / blob[:2] / f"{blob}.zst"

    @pytest.mark.parametrize("keep", [0, 10, -1])
    def test_a_blob_cut_short_is_damage_and_is_healed_by_the_next_put(
        self, path: Path, blobs: FilesystemBlobStore, keep: int
    ) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[:keep])
        blob = next(iter(blobs))

        with pytest.raises(Corrupt, match=blob):
            list(blobs.get(blob))
        blobs.put([DATA])

        assert path.read_bytes() == whole

    def test_a_blob_of_other_bytes_is_damage(self, path: Path, blobs: FilesystemBlobStore) -> None:
        other = blobs.put([b"other"]).blob
        blob = next(each for each in blobs if each != other)
        path.write_bytes((path.parents[1] / other[:2] / f"{other}.zst").read_bytes())

        with pytest.raises(Corrupt, match=blob):
            list(blobs.get(blob))

    def test_a_blob_that_was_put_before_is_not_touched(
        self, path: Path, blobs: FilesystemBlobStore
    ) -> None:
        before = path.stat()

        ref = blobs.put([DATA])

        now = path.stat()
        assert (now.st_ino, now.st_mtime_ns, now.st_size, now.st_mode) == (
            before.st_ino,
            before.st_mtime_ns,
            before.st_size,
            before.st_mode,
        )
        assert ref.stored == before.st_size

    def test_an_interrupted_put_leaves_no_blob(
        self, bucket: Path, blobs: FilesystemBlobStore
    ) -> None:
        def pieces() -> object:
            yield b"begun"
            raise KeyError

        with pytest.raises(KeyError):
            blobs.put(pieces())  # type: ignore[arg-type]

        assert list(blobs) == []
        assert [path for path in bucket.rglob("*") if path.is_file()] == []
