"""Where everything of a bucket lies: names relative to its folder, with `/`."""

import re
from typing import Final

from opentraces.domain.ids import BlobId, TraceId

BUCKET_FILE: Final = "bucket.json"
ENVELOPE: Final = "trace.json"
ENVELOPE_TEMPORARY: Final = "trace.json.tmp"
SOURCES: Final = "sources.jsonl.gz"
"""Its first generation."""

TRACES: Final = "traces/v1"
BLOBS: Final = "blobs/v1"
TOMBSTONES: Final = "tombstones/v1"
TRASH: Final = "trash"
QUARANTINE: Final = "quarantine"
"""What was damaged and replaced, or belongs to nobody: evidence, that nothing here ever reads."""

FOREIGN: Final = "manifest.json"
"""What the bucket of the public program of our name has, and ours never."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BLOB_FILE = r"([0-9a-f]{64})\.zst"
_LATER = r"(\.[1-9]\d*)?"
_SOURCE = rf"source-(\d+){_LATER}\.zst"
_WRITTEN = rf"(steps|trail|context|sources){_LATER}\.jsonl\.gz|{_SOURCE}"
_COMPANION = rf"(steps|trail|context|sources){_LATER}\.jsonl\.gz|{_SOURCE}"
_NAMED = r"(?a:[a-z]+(-\d{1,9})?(\.\d{1,9})?(\.[a-z\d]{1,9}){1,3})"


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
    return re.fullmatch(_BLOB_FILE, f"{name}.zst") is not None


def blob_of(file: str) -> BlobId | None:
    """Return the blob a file in the blobs' folders holds. None: it is no blob's file."""
    found = re.fullmatch(_BLOB_FILE, file)
    return BlobId(found[1]) if found else None


def is_sources(name: str) -> bool:
    """Whether a companion file lists the sources: `sources.jsonl.gz`, or a later generation."""
    return name.startswith("sources.") and name.endswith(".jsonl.gz")


def source_number(name: str) -> int | None:
    """Return the number of the source that a companion file holds. None: it holds none."""
    found = re.fullmatch(_SOURCE, name)
    return int(found[1]) if found else None


def generation_of(name: str) -> int:
    """Return how often a companion file was written anew before this one."""
    middle = name.split(".")[1]
    return int(middle) if middle.isascii() and middle.isdigit() and len(middle) < 10 else 0


def next_generation(name: str) -> str:
    """Name what is written in the place of a companion file, whose own name it never takes."""
    stem, _, rest = name.partition(".")
    ending = rest.partition(".")[2] if generation_of(name) else rest
    return f"{stem}.{generation_of(name) + 1}.{ending}"


def may_be_named(name: str) -> bool:
    """Whether a companion may have this name, be it one that only a later release writes.

    No other is ever opened: whoever wrote the envelope chose it.
    """
    return re.fullmatch(_NAMED, name) is not None


def is_written(name: str) -> bool:
    """Whether this release writes a companion of this name, and so may write it on."""
    return re.fullmatch(_WRITTEN, name) is not None


def may_be_left_over(name: str) -> bool:
    """Whether an interrupted write may have left a file of this name in a trace's folder."""
    return name == ENVELOPE_TEMPORARY or re.fullmatch(_COMPANION, name) is not None
