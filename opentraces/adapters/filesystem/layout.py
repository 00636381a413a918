"""Where everything of a bucket lies: names relative to its folder, with `/`."""

import re
from typing import Final

from opentraces.domain.ids import BlobId, TraceId

BUCKET_FILE: Final = "bucket.json"
ENVELOPE: Final = "trace.json"
ENVELOPE_TEMPORARY: Final = "trace.json.tmp"
SOURCES: Final = "sources.jsonl.gz"
TRACES: Final = "traces/v1"
BLOBS: Final = "blobs/v1"
TOMBSTONES: Final = "tombstones/v1"
TRASH: Final = "trash"
FOREIGN: Final = "manifest.json"
"""What the bucket of the public program of our name has, and ours never."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BLOB_FILE = re.compile(r"([0-9a-f]{64})\.zst")
_WRITTEN = re.compile(r"steps(\.[1-9]\d*)?\.jsonl\.gz|sources\.jsonl\.gz|source-\d+\.zst")
_COMPANION = re.compile(r"(steps|trail|context|sources)(\.[1-9]\d*)?\.jsonl\.gz|source-\d+\.zst")


def is_trace_id(name: str) -> bool:
    """Whether it can name a trace; nothing else ever becomes a path."""
    return _UUID.fullmatch(name) is not None


def trace_folder(trace: TraceId) -> str:
    """Name the folder of a trace, whose id was checked."""
    return f"{TRACES}/{trace[:2]}/{trace}"


def tombstone(trace: TraceId) -> str:
    """Name the file that says a trace was deleted."""
    return f"{TOMBSTONES}/{trace[:2]}/{trace}.json"


def blob_file(blob: BlobId) -> str:
    """Name the file of a blob, whose id was checked."""
    return f"{BLOBS}/{blob[:2]}/{blob}.zst"


def is_blob_id(name: str) -> bool:
    """Whether it can name a blob."""
    return _BLOB_FILE.fullmatch(f"{name}.zst") is not None


def blob_of(file: str) -> BlobId | None:
    """Return the blob a file in the blobs' folders holds. None: it is no blob's file."""
    found = _BLOB_FILE.fullmatch(file)
    return BlobId(found[1]) if found else None


def steps_file(generation: int) -> str:
    """Name the steps of one generation."""
    return f"steps.{generation}.jsonl.gz" if generation else "steps.jsonl.gz"


def is_written(name: str) -> bool:
    """Whether this release writes a companion of this name, and so may write it on."""
    return _WRITTEN.fullmatch(name) is not None


def may_be_left_over(name: str) -> bool:
    """Whether an interrupted write may have left a file of this name in a trace's folder."""
    return name == ENVELOPE_TEMPORARY or _COMPANION.fullmatch(name) is not None
