"""bucket.json: what a bucket says of itself."""

from pathlib import Path
from typing import Any, Final

from opentraces.adapters.filesystem.layout import BUCKET_FILE
from opentraces.adapters.filesystem.sealed import sealed, unsealed
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.ids import canonical_bytes, read_json

BUCKET_FORMAT: Final = "opentraces.bucket/1"


def encode(bucket_id: str, created_at: str) -> bytes:
    """Return the file's bytes."""
    said = {"bucket_id": bucket_id, "created_at": created_at, "format": BUCKET_FORMAT}
    return sealed(canonical_bytes(said))


def decode(stored: bytes) -> dict[str, Any]:
    """Return what the bucket says of itself. Raises Corrupt, or NewerFormat."""
    said = read_json(unsealed(stored, BUCKET_FILE))
    if said.get("format") == BUCKET_FORMAT:
        return dict(said)
    if str(said.get("format")).startswith("opentraces.bucket/"):
        raise NewerFormat(f"{BUCKET_FILE} was written by a later release: {said['format']}")
    raise Corrupt(f"{BUCKET_FILE} is no bucket's: {said.get('format')}")


def read_bucket_id(bucket: Path) -> str:
    """Return the bucket's own name; empty: there is no bucket. Raises Corrupt, NewerFormat."""
    stored = Tree(bucket).read(BUCKET_FILE)
    return "" if stored is None else str(decode(stored)["bucket_id"])
