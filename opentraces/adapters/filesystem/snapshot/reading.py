"""Reading what is to be copied: what cannot be read is the damage of one trace, and no more."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import BlobHash, Digest

_PIECE = 256 * 1024


@contextmanager
def reading() -> Iterator[None]:
    """Say that a file is damaged, where the medium says that it cannot be read."""
    try:
        yield
    except StorageUnavailable as error:
        raise Corrupt(str(error)) from error


def open_kept(bucket: Tree, name: str, length: int) -> OpenFile:
    """Open a file that has `length` bytes, or more. Raises Corrupt."""
    with reading():
        opened = bucket.open(name)
    if opened is None:
        raise Corrupt(f"{name} is missing")
    if opened.size < length:
        opened.close()
        raise Corrupt(f"{name} is cut short")
    return opened


def pieces(opened: OpenFile) -> Iterator[bytes]:
    """Yield all bytes of a file. Raises Corrupt."""
    for offset in range(0, opened.size, _PIECE):
        with reading():
            piece = opened.read(offset, min(_PIECE, opened.size - offset))
        yield piece


def digest_of(data: Iterable[bytes]) -> Digest:
    """Return the digest of all pieces together."""
    taken = BlobHash()
    for piece in data:
        taken.update(piece)
    return Digest(taken.blob_id()[:16])
