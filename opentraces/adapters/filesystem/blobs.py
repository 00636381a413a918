"""Whole files, named by the SHA-256 of what they hold."""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import zstandard

from opentraces.adapters.filesystem.durable import Folder, write_at
from opentraces.adapters.filesystem.frames import FRAME
from opentraces.adapters.filesystem.layout import BLOBS, blob_file, blob_of, is_blob_id
from opentraces.adapters.filesystem.tree import OpenFile, Tree, translated
from opentraces.domain.envelope import BlobRef
from opentraces.domain.errors import BlobNotFound, Corrupt
from opentraces.domain.ids import BlobHash, BlobId, Digest
from opentraces.ports.blobs import BlobStore

TEMPORARY: Final = ".tmp"
_LEVEL = 3
_READ = 256 * 1024


class FilesystemBlobStore(BlobStore):
    """See BlobStore. Bytes are zstd frames of at most 1 MiB each."""

    def __init__(self, bucket: Path) -> None:
        self._bucket = Tree(bucket)

    def put(self, pieces: Iterable[bytes]) -> BlobRef:
        """See BlobStore. A blob that is there and damaged is replaced."""
        with closing(Folder(self._bucket.root, BLOBS)) as folder:
            temporary = f"{os.urandom(8).hex()}{TEMPORARY}"
            try:
                written = _write(folder, temporary, pieces)
                found = self._stored(written)
                if found is None:
                    with closing(Folder(self._bucket.root, f"{BLOBS}/{written.blob[:2]}")) as place:
                        folder.move(temporary, place, f"{written.blob}.zst")
                return found or written
            finally:
                folder.remove(temporary)

    def get(self, blob: BlobId) -> Iterator[bytes]:
        """See BlobStore."""
        opened = self._open(blob)
        if opened is None:
            raise BlobNotFound(f"no blob {blob}")
        with closing(opened):
            yield from decoded(opened, blob)

    def __contains__(self, blob: object) -> bool:
        """See BlobStore."""
        return isinstance(blob, str) and is_blob_id(blob) and self._size(BlobId(blob)) is not None

    def __iter__(self) -> Iterator[BlobId]:
        """See BlobStore."""
        for prefix in self._bucket.names(BLOBS):
            for file in self._bucket.names(f"{BLOBS}/{prefix}"):
                blob = blob_of(file)
                if blob is not None and blob.startswith(prefix):
                    yield blob

    def _open(self, blob: BlobId) -> OpenFile | None:
        return self._bucket.open(blob_file(blob)) if is_blob_id(blob) else None

    def _size(self, blob: BlobId) -> int | None:
        return self._bucket.size(blob_file(blob))

    def _stored(self, written: BlobRef) -> BlobRef | None:
        """Return what is stored already under the name. None: nothing, or something else."""
        try:
            opened = self._open(written.blob)
            if opened is None:
                return None
            with closing(opened):
                for _ in decoded(opened, written.blob):
                    pass
                return BlobRef(
                    blob=written.blob,
                    size=written.size,
                    stored=opened.size,
                    digest=stored_digest(opened),
                )
        except Corrupt:
            return None


def stored_digest(file: OpenFile) -> Digest:
    """Return the digest of all bytes of a blob's file."""
    taken = BlobHash()
    for offset in range(0, file.size, _READ):
        taken.update(file.read(offset, min(_READ, file.size - offset)))
    return Digest(taken.blob_id()[:16])


def decoded(file: OpenFile, blob: BlobId, size: int | None = None) -> Iterator[bytes]:
    """Yield the bytes in a blob's file. Raises Corrupt, at the latest after the last piece.

    `size`: how many there must be, at most; a frame of a few bytes may hold any number.
    """
    taken = BlobHash()
    left = size
    reader = zstandard.ZstdDecompressor(max_window_size=FRAME).stream_reader(
        file.stream(), read_across_frames=True
    )
    while piece := _next_of(reader, blob_file(blob)):
        if left is not None and (left := left - len(piece)) < 0:
            raise Corrupt(f"{blob_file(blob)} holds more than its envelope says")
        taken.update(piece)
        yield piece
    if taken.blob_id() != blob:
        raise Corrupt(f"{blob_file(blob)} does not hold the bytes it is named by")


def _next_of(reader: zstandard.ZstdDecompressionReader, name: str) -> bytes:
    try:
        with translated(name):
            return reader.read(FRAME)
    except zstandard.ZstdError as error:
        raise Corrupt(f"{name} cannot be decompressed: {error}") from error


def _write(folder: Folder, file: str, pieces: Iterable[bytes]) -> BlobRef:
    plain, stored = BlobHash(), BlobHash()
    size = length = 0
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    descriptor = folder.create(file)
    try:
        for piece in _framed(pieces):
            frame = compressor.compress(piece)
            plain.update(piece)
            stored.update(frame)
            write_at(descriptor, length, frame, f"{folder.name}/{file}")
            size += len(piece)
            length += len(frame)
    finally:
        os.close(descriptor)
    return BlobRef(
        blob=plain.blob_id(), size=size, stored=length, digest=Digest(stored.blob_id()[:16])
    )


def _framed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one size, the last one smaller; at least one piece."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > FRAME:
            yield bytes(held[:FRAME])
            del held[:FRAME]
    yield bytes(held)
