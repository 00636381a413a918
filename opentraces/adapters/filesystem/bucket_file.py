"""bucket.json: what a bucket says of itself."""

from pathlib import Path
from typing import Any, Final

from opentraces.adapters.filesystem.layout import BUCKET_FILE
from opentraces.adapters.filesystem.sealed import document, sealed
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.ids import canonical_bytes

_FAMILY = "opentraces.bucket/"
BUCKET_FORMAT: Final = f"{_FAMILY}1"


def encode(bucket_id: str, created_at: str) -> bytes:
    """Return the file's bytes."""
    said = {"bucket_id": bucket_id, "created_at": created_at, "format": BUCKET_FORMAT}
    return sealed(canonical_bytes(said))


def decode(stored: bytes) -> dict[str, Any]:
    """Return what a bucket of any format says of itself. Raises Corrupt."""
    said = document(stored, BUCKET_FILE)
    if not str(said.get("format")).startswith(_FAMILY):
        raise Corrupt(f"{BUCKET_FILE} is no bucket's: {said.get('format')}")
    return dict(said)


def read_bucket_id(bucket: Path) -> str:
    """Return the bucket's own name; empty: there is no bucket, or it has none. Raises Corrupt."""
    return str(_read(bucket).get("bucket_id", ""))


def later_format(bucket: Path) -> str | None:
    """Return the format of a bucket that this release may only read. None: it may write to it.

    Raises Corrupt.
    """
    kind = _read(bucket).get("format", BUCKET_FORMAT)
    return None if kind == BUCKET_FORMAT else str(kind)


def refuse_later(bucket: Path) -> None:
    """Raise NewerFormat where this release may only read. Raises Corrupt."""
    kind = later_format(bucket)
    if kind is not None:
        raise NewerFormat(
            f"{BUCKET_FILE} was written by a later release: {kind}; nothing is written to it "
            "→ upgrade opentraces, or set OPENTRACES_HOME to another folder"
        )


def _read(bucket: Path) -> dict[str, Any]:
    """Return what the bucket says; nothing, where there is none."""
    stored = Tree(bucket).read(BUCKET_FILE)
    return {} if stored is None else decode(stored)
