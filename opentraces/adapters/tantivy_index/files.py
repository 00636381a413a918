"""The files of an index: whether they are whole, and whose they are.

Every file that tantivy finishes ends in a footer whose last four bytes are its magic number, so a
file that was cut is recognised by its last bytes. What has fewer makes tantivy panic: such an index
must not be opened.
"""

import os
from pathlib import Path
from typing import Any

from opentraces.adapters.tantivy_index.regular import NoFile, content, opened
from opentraces.adapters.tantivy_index.schema import FINGERPRINT, field_names
from opentraces.domain.ids import read_json

OWNER = "bucket_id"
"""Our file beside tantivy's: written when the index is complete for the first time."""

META = "meta.json"
"""Tantivy's list of the files that an index consists of."""

_COMPONENTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")
MAGIC = (1337).to_bytes(4, "little")
"""What every file but the lists ends in."""

_SHORTEST_FOOTER = 8
_ATTEMPTS = 3


def is_ready(folder: Path, bucket_id: str) -> bool:
    """Whether a whole index of this bucket stands in `folder`.

    A writer may replace files meanwhile: the list of them is read again before it is blamed.
    """
    try:
        if content(folder / OWNER).decode("utf-8", "replace") != bucket_id:
            return False
        seen = b""
        for _ in range(_ATTEMPTS):
            meta = content(folder / META)
            if meta == seen:
                return False
            seen = meta
            if all(_is_whole(folder / name) for name in listed_files(read_json(meta))):
                return _can_be_managed(folder)
    except (FileNotFoundError, NotADirectoryError, KeyError, TypeError, ValueError):
        return False
    return False


def owner_of(root: Path) -> str | None:
    """Return whose the index below `root` is: a bucket. None: there is none, or it cannot say."""
    try:
        return content(root / FINGERPRINT / OWNER).decode("utf-8", "replace")
    except (OSError, NoFile):
        return None


def stamp(folder: Path) -> tuple[int, ...] | None:
    """Return what changes with every commit. None: there is none."""
    try:
        found = (folder / META).stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def disown(folder: Path) -> None:
    """Say that the index is not to be relied on: it will be made anew."""
    (folder / OWNER).unlink(missing_ok=True)


def listed_files(meta: Any) -> list[str]:
    """Return the files that an index consists of. Raises when it is not one of our schema."""
    if [field["name"] for field in meta["schema"]] != field_names():
        raise ValueError("an index of another schema")
    files: list[str] = []
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        files += [f"{name}.{component}" for component in _COMPONENTS]
        if segment["deletes"] is not None:
            files.append(f"{name}.{segment['deletes']['opstamp']}.del")
    return files


def _can_be_managed(folder: Path) -> bool:
    """Whether tantivy can take its locks, and read its list of the files it may delete.

    All of these may be missing.
    """
    if any((folder / name).is_fifo() for name in _LOCKS):  # it would wait for that
        return False
    try:
        return isinstance(read_json(content(folder / ".managed.json")), list)
    except FileNotFoundError:
        return True


def _is_whole(path: Path) -> bool:
    try:
        with opened(path) as file:
            length = os.fstat(file.fileno()).st_size
            if length < _SHORTEST_FOOTER:
                return False
            return os.pread(file.fileno(), len(MAGIC), length - len(MAGIC)) == MAGIC
    except (FileNotFoundError, NoFile):
        return False
