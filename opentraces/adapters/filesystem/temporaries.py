"""Files that were to be renamed, and were not: whoever wrote them was interrupted."""

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from opentraces.adapters.filesystem.durable import Folder
from opentraces.adapters.filesystem.entries import Entry, entries, entry_of
from opentraces.adapters.filesystem.layout import BLOBS, BUCKET_FILE, TOMBSTONES
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.projects_file import PROJECTS_FILE
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Busy

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class _Place(NamedTuple):
    """A folder in which files are renamed."""

    root: Path
    folder: str
    names: str
    """A pattern of the temporary names; its group, where there is one, names the lock."""
    lock: str = ""
    """What whoever writes such a file holds. Empty: the lock of the trace that the name names."""


class Temporaries:
    """Temporary files, last changed at a moment or before; those of traces are elsewhere."""

    def __init__(self, home: Path, locks: Locks, latest: float) -> None:
        """Look into `home`; `latest` is in seconds since 1970."""
        self._home = home
        self._locks = locks
        self._latest = latest

    def find(self, *, remove: bool) -> list[Entry]:
        """Return them; with `remove`, those that were removed."""
        found: list[Entry] = []
        for place in self._places():
            for entry in entries(Tree(place.root), place.folder):
                match = re.fullmatch(place.names, entry.name)
                if match is None or not self._is_old(entry):
                    continue
                if not remove or self._remove(place, entry, place.lock or match[1]):
                    found.append(entry)
        return found

    def _remove(self, place: _Place, entry: Entry, lock: str) -> bool:
        """Remove a file, unless somebody may be about to rename it."""
        with suppress(Busy), closing(self._locks.hold(lock, wait=False)):
            name = f"{place.folder}/{entry.name}" if place.folder else entry.name
            now = entry_of(Tree(place.root), name)
            if now is not None and self._is_old(now):
                with closing(Folder(place.root, place.folder)) as folder:
                    folder.remove(entry.name)
                return True
        return False

    def _is_old(self, entry: Entry) -> bool:
        return entry.is_file and entry.changed <= self._latest

    def _places(self) -> Iterator[_Place]:
        bucket, state = self._home / "bucket", self._home / "state"
        projects = re.escape(f"{PROJECTS_FILE}.tmp")
        yield _Place(self._home, "", projects, PROJECTS_FILE)
        yield _Place(bucket, "", re.escape(f"{BUCKET_FILE}.tmp"), Locks.BUCKET)
        yield _Place(bucket, BLOBS, r"[0-9a-f]{16}\.tmp", Locks.BLOBS)
        for prefix in Tree(bucket).names(TOMBSTONES):
            yield _Place(bucket, f"{TOMBSTONES}/{prefix}", rf"({_UUID})\.json\.tmp")
        yield _Place(state, "", r"cursors\.tmp", "cursors")
        yield _Place(state, "", r"uses\.tmp", "uses")
        yield _Place(state, "enrolled", r"\.[a-z][a-z0-9-]*\.tmp", PROJECTS_FILE)
        for prefix in Tree(state).names("progress"):
            yield _Place(state, f"progress/{prefix}", rf"{_UUID}\.tmp", "progress")
