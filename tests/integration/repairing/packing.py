"""Buckets that were packed by another release of zstd: the same bytes, stored as others."""

from pathlib import Path

import zstandard

from opentraces.adapters.filesystem.envelope_file import encode
from opentraces.adapters.filesystem.frames import expanded
from opentraces.domain.envelope import BlobRef, Envelope, Member, StoredFile
from opentraces.domain.ids import BlobId, TraceId, digest
from tests.checked import checked
from tests.integration.adapters.filesystem.on_disk import traces_of
from tests.integration.adapters.filesystem.test_format import folder_of

_LEVEL = 19


def pack_source(home: Path, trace: TraceId, number: int) -> None:
    """Store a source as another packer would have."""
    envelope = traces_of(home).envelope(trace)
    name = envelope.source_file(number)
    assert name is not None
    path = folder_of(home / "bucket", trace) / name
    stored, members = b"", []
    offset = 0
    for member in envelope.files[name].members:
        run = path.read_bytes()[offset : offset + member.stored]
        packed = _packed(expanded(run, member.plain, name))
        changed = {"stored": len(packed), "digest": digest(packed)}
        members.append(checked(Member, member.as_json() | changed))
        stored += packed
        offset += member.stored
    path.write_bytes(stored)
    kept = StoredFile(length=len(stored), members=tuple(members))
    _write(home, envelope.but(files=envelope.files | {name: kept}))


def pack_blob(home: Path, blob: BlobId) -> Path:
    """Store a blob as another packer would have; returns its file."""
    path = next((home / "bucket" / "blobs").rglob(f"{blob}.zst"))
    packed = _packed(zstandard.ZstdDecompressor().decompress(path.read_bytes()))
    path.write_bytes(packed)
    for trace in traces_of(home).ids():
        envelope = traces_of(home).envelope(trace)
        sources = tuple(
            kept.but(blob=_named(kept.blob, packed))
            if kept.blob and kept.blob.blob == blob
            else kept
            for kept in envelope.header.sources
        )
        header = envelope.header.but(sources=sources)
        _write(home, envelope.but(header=header))
    return path


def _named(ref: BlobRef, packed: bytes) -> BlobRef:
    return ref.but(stored=len(packed), digest=digest(packed))


def _packed(plain: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(plain)


def _write(home: Path, envelope: Envelope) -> None:
    path = folder_of(home / "bucket", envelope.trace_id) / "trace.json"
    path.write_bytes(encode(envelope))
