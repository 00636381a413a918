"""Indexes of other schemas: of releases that are gone, or that nobody runs any more."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from opentraces.adapters.tantivy_index.lock import LOCK, held
from opentraces.adapters.tantivy_index.schema import FINGERPRINT
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.garbage import Garbage, GarbageKind, Heap
from opentraces.ports.garbage import GarbageCollector

_DAY_S = 86_400
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


class TantivyGarbageCollector(GarbageCollector):
    """See GarbageCollector. An index is as old as what was changed last in it."""

    def __init__(self, root: Path) -> None:
        """Look into the folder of all indexes."""
        self._root = root

    def redate(self, now: datetime) -> None:
        """See GarbageCollector."""
        moment = now.timestamp()
        with _translated(self._root):
            for folder in self._others():
                for path in (folder, *folder.iterdir()):
                    with suppress(FileNotFoundError):
                        if path.lstat().st_mtime > moment + _DAY_S:
                            os.utime(path, (moment, moment), follow_symlinks=False)

    def collect(self, latest: datetime, *, remove: bool) -> Garbage:
        """See GarbageCollector."""
        with _translated(self._root):
            old = self._old(latest.timestamp())
            if not old or not remove:
                return _garbage(old)
            with suppress(Busy), held(self._root / LOCK, 0):
                old = self._old(latest.timestamp())
                for folder in old:
                    shutil.rmtree(folder)
                return _garbage(old)
        return Garbage()

    def _old(self, latest: float) -> dict[Path, int]:
        """Return the size of each index that nobody has changed since."""
        old: dict[Path, int] = {}
        for folder in self._others():
            found = list(_stats(folder))
            if all(each.st_mtime <= latest for each in found):
                old[folder] = sum(each.st_size for each in found[1:])
        return old

    def _others(self) -> Iterator[Path]:
        """Yield the indexes of other schemas."""
        for folder in sorted(self._root.iterdir()) if self._root.is_dir() else ():
            is_other = _FINGERPRINT.fullmatch(folder.name) and folder.name != FINGERPRINT
            if is_other and folder.is_dir() and not folder.is_symlink():
                yield folder


def _garbage(old: dict[Path, int]) -> Garbage:
    heap = Heap(len(old), sum(old.values()))
    return Garbage({GarbageKind.INDEXES: heap} if old else {})


def _stats(folder: Path) -> Iterator[os.stat_result]:
    """Yield what is known of a folder, and of each file in it: tantivy makes no folders."""
    yield folder.lstat()
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            yield path.lstat()


@contextmanager
def _translated(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"{root}: {error.strerror or error}") from error
