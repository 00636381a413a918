"""What is below a folder of an agent's, or in whatever place a user names."""

import os
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters._reading.naming import component
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.domain.slotted import frozen_dataclass

UNREAD = "unread"
"""The stamp of what stands for a folder that cannot be looked into."""

_DEEPEST = 8
_MOST_FOLDERS = 20_000
_NEVER_INSIDE = frozenset((".git", "node_modules", ".venv"))

Entry = os.DirEntry[str]


@frozen_dataclass
class Closed:
    """A folder that is there and cannot be looked into."""

    path: str
    """Where it is."""

    def source_file(self, root: str, usual: str) -> SourceFile:
        """Return what stands for it: a file that cannot be read either, so that it is reported.

        `usual`: its name where it has no other.
        """
        inside = Path(self.path).relative_to(Path(root).parent).parts
        name = "/".join(component(part) for part in inside)
        return SourceFile(name or usual, SourceKind.TRANSCRIPT, self.path, 0, UNREAD)


def walk(root: str) -> Iterator[Entry | Closed]:
    """Yield the regular files below a folder by name, and folders that cannot be looked into.

    Links below it are not followed. Neither depth nor the number of folders is without bound.
    """
    waiting = [(root, _DEEPEST)]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        path, depth = waiting.pop()
        try:
            entries = _listed(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            yield Closed(path)
            continue
        folders = []
        for entry in entries:
            if _is(entry, "file"):
                yield entry
            elif depth > 1 and entry.name not in _NEVER_INSIDE and _is(entry, "folder"):
                folders.append((entry.path, depth - 1))
        waiting += reversed(folders)


def transcript_at(path: str, name: str) -> SourceFile | None:
    """Return a session's file as a source. None: it went, or nothing could name it."""
    try:
        path.encode()
        stat = os.lstat(path)
    except (OSError, UnicodeEncodeError):
        return None
    stamp = f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"
    return SourceFile(name, SourceKind.TRANSCRIPT, path, stat.st_size, stamp)


def _is(entry: Entry, kind: str) -> bool:
    try:
        if kind == "file":
            return entry.is_file(follow_symlinks=False)
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _listed(path: str) -> list[Entry]:
    with os.scandir(path) as found:
        return sorted(found, key=_name)


def _name(entry: Entry) -> str:
    return entry.name
