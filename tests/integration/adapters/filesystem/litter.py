"""Leaves things in a home that nothing needs."""

import os
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.layout import blob_file, trace_folder
from opentraces.domain.garbage import GarbageKind
from opentraces.domain.ids import TraceId
from tests.contracts.samples import A, named

KINDS = (
    GarbageKind.BLOBS,
    GarbageKind.LEFTOVERS,
    GarbageKind.FOLDERS,
    GarbageKind.TEMPORARY,
    GarbageKind.PROGRESS,
)
"""Those of which age decides."""

_numbers = count(1)


def leave(home: Path, kind: GarbageKind, changed: datetime) -> int:
    """Leave one piece beside the kept trace A; returns its size."""
    return _LEAVE[kind](home, changed)


def age(path: Path, changed: datetime) -> None:
    """Say that a file or folder was last changed then."""
    os.utime(path, (changed.timestamp(), changed.timestamp()))


def put(path: Path, changed: datetime, data: bytes = b"12345") -> int:
    """Write a file that was last changed then; returns its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    age(path, changed)
    return len(data)


def lone_blob(home: Path, changed: datetime) -> Path:
    """Put a blob that no trace names; returns its file."""
    blob = FilesystemBlobStore(home / "bucket").put([b"alone %d" % next(_numbers)])
    file = home / "bucket" / blob_file(blob.blob)
    age(file, changed)
    return file


def progress_of(home: Path, trace: TraceId) -> Path:
    return home / "state" / "progress" / trace[:2] / trace


def _blob(home: Path, changed: datetime) -> int:
    return lone_blob(home, changed).stat().st_size


def _leftover(home: Path, changed: datetime) -> int:
    return put(home / "bucket" / trace_folder(A) / f"source-{next(_numbers)}.zst", changed)


def _folder(home: Path, changed: datetime) -> int:
    folder = home / "bucket" / trace_folder(named(f"never kept {next(_numbers)}"))
    size = put(folder / "source-0.zst", changed) + put(folder / "trace.json.tmp", changed)
    age(folder, changed)
    return size


def _temporary(home: Path, changed: datetime) -> int:
    return put(home / "bucket" / "blobs" / "v1" / f"{next(_numbers):016x}.tmp", changed)


def _progress(home: Path, changed: datetime) -> int:
    return put(progress_of(home, named(f"gone {next(_numbers)}")), changed)


_LEAVE: dict[GarbageKind, Callable[[Path, datetime], int]] = {
    GarbageKind.BLOBS: _blob,
    GarbageKind.LEFTOVERS: _leftover,
    GarbageKind.FOLDERS: _folder,
    GarbageKind.TEMPORARY: _temporary,
    GarbageKind.PROGRESS: _progress,
}
