"""A digest of the files that tantivy keeps none of: its list of files, and of what it may delete.

It stands from when a writer is done with them until the next begins, so one that was killed leaves
none. Whoever compares holds the writer's lock.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.tantivy_index.regular import NoFile, content
from opentraces.domain.ids import digest

_SEAL = ".digests"
_SEALED = ("meta.json", ".managed.json")


def seal(folder: Path) -> None:
    """Say that the files are as they should be."""
    new = folder / f"{_SEAL}.new"
    new.unlink(missing_ok=True)
    with new.open("wb") as file:
        file.write(_digests(folder))
        file.flush()
        os.fsync(file.fileno())
    new.rename(folder / _SEAL)


def unseal(folder: Path) -> None:
    """Say that the files are being changed."""
    (folder / _SEAL).unlink(missing_ok=True)


def broken_seals(folder: Path) -> Iterator[str]:
    """Yield the files that are not as they were sealed; none, where nothing is sealed."""
    try:
        sealed = content(folder / _SEAL)
    except FileNotFoundError:
        return
    except NoFile:
        yield _SEAL
        return
    found = _digests(folder)
    if sealed == found:
        return
    lines = zip(_SEALED, sealed.split(b"\n"), found.split(b"\n"), strict=False)
    yield from [name for name, before, now in lines if before != now] or [_SEAL]


def _digests(folder: Path) -> bytes:
    return b"".join(digest(_content(folder / name)).encode() + b"\n" for name in _SEALED)


def _content(file: Path) -> bytes:
    try:
        return content(file)
    except (FileNotFoundError, NoFile):
        return b""
