"""Blobs on their way into a copy of the bucket."""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing

from opentraces.adapters.filesystem.durable import Folder, write_at
from opentraces.adapters.filesystem.layout import BLOBS, blob_file
from opentraces.adapters.filesystem.snapshot.reading import digest_of, open_kept, pieces
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.envelope import BlobRef
from opentraces.domain.errors import Corrupt


def copy_blob(bucket: Tree, copy: Tree, ref: BlobRef) -> int:
    """Copy a blob, unless the copy has it; returns how many bytes were written.

    Not durable yet, and neither is one that was found there. Raises Corrupt: the bucket has it
    not as `ref` says.
    """
    if _is_there(copy, ref):
        return 0
    name = blob_file(ref.blob)
    folder, _, file = name.rpartition("/")
    with (
        closing(open_kept(bucket, name, ref.stored)) as opened,
        closing(Folder(copy.root, BLOBS)) as blobs,
        closing(Folder(copy.root, folder)) as place,
    ):
        temporary = f"{os.urandom(8).hex()}.tmp"
        try:
            taken = digest_of(_written(blobs, temporary, pieces(opened)))
            if opened.size != ref.stored or taken != ref.digest:
                raise Corrupt(f"{name} is damaged: its digest does not match")
            blobs.move(temporary, place, file)
        finally:
            blobs.remove(temporary)
    return ref.stored


def _is_there(copy: Tree, ref: BlobRef) -> bool:
    try:
        opened = copy.open(blob_file(ref.blob))
        if opened is None:
            return False
        with closing(opened):
            return opened.size == ref.stored and digest_of(pieces(opened)) == ref.digest
    except Corrupt:
        return False


def _written(folder: Folder, file: str, data: Iterable[bytes]) -> Iterator[bytes]:
    """Write a new file; yields each piece that was written."""
    descriptor = folder.create(file)
    try:
        offset = 0
        for piece in data:
            write_at(descriptor, offset, piece, f"{folder.name}/{file}")
            offset += len(piece)
            yield piece
    finally:
        os.close(descriptor)
