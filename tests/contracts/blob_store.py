"""What every BlobStore keeps to."""

import os

import pytest

from opentraces.domain.errors import BlobNotFound
from opentraces.domain.ids import BlobId, blob_id
from opentraces.ports.blobs import BlobStore

NOBODY = blob_id(b"never put")
MIB = 1024 * 1024


def read(blobs: BlobStore, blob: BlobId) -> bytes:
    return b"".join(blobs.get(blob))


class BlobStoreContract:
    @pytest.fixture
    def blobs(self) -> BlobStore:
        raise NotImplementedError("give an empty store")

    def test_blob_is_named_by_its_bytes(self, blobs: BlobStore) -> None:
        ref = blobs.put([b"some ", b"bytes"])

        assert ref.blob == blob_id(b"some bytes")
        assert ref.size == 10

    @pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])
    def test_what_was_put_is_read_back(self, blobs: BlobStore, size: int) -> None:
        data = os.urandom(size)

        ref = blobs.put([data])

        assert read(blobs, ref.blob) == data
        assert ref.size == size

    def test_how_bytes_are_cut_changes_nothing(self, blobs: BlobStore) -> None:
        data = os.urandom(2 * MIB + 7)
        pieces = [data[n : n + 1000] for n in range(0, len(data), 1000)]

        assert blobs.put([data]) == blobs.put(pieces)

    def test_put_twice_keeps_one(self, blobs: BlobStore) -> None:
        assert blobs.put([b"same"]) == blobs.put([b"same"])
        assert list(blobs) == [blob_id(b"same")]

    def test_blobs_are_listed_ascending(self, blobs: BlobStore) -> None:
        refs = [blobs.put([b"%d" % n]) for n in range(20)]

        assert list(blobs) == sorted(ref.blob for ref in refs)

    def test_what_was_put_is_in_it(self, blobs: BlobStore) -> None:
        ref = blobs.put([b"here"])

        assert ref.blob in blobs
        assert NOBODY not in blobs

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a/b"])
    def test_what_is_no_id_is_not_in_it(self, blobs: BlobStore, name: str) -> None:
        assert name not in blobs
        with pytest.raises(BlobNotFound):
            read(blobs, BlobId(name))

    def test_nothing_is_in_an_empty_store(self, blobs: BlobStore) -> None:
        assert list(blobs) == []
        with pytest.raises(BlobNotFound, match=NOBODY):
            read(blobs, NOBODY)
