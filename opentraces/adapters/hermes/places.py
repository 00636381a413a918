"""Where Hermes' files are: below its own folder, or in whatever place a user names."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from opentraces.adapters.hermes.naming import DATABASE, is_rows

_DEEPEST = 8
_MOST_FOLDERS = 20_000
_NEVER_INSIDE = frozenset((".git", "node_modules", ".venv"))
_GONE = (FileNotFoundError, NotADirectoryError)

Entry = os.DirEntry[str]


class Candidate(NamedTuple):
    """What may hold sessions."""

    path: str
    """Where it is."""

    is_closed: bool = False
    """Whether it is there and cannot be looked into."""


def databases_of(home: Path) -> Iterator[Candidate]:
    """Yield the databases of a Hermes home: its own, and one a profile."""
    folders = [str(home)]
    try:
        folders += [each.path for each in _listed(str(home / "profiles"))]
    except _GONE:
        folders += []
    except OSError:
        yield Candidate(str(home / "profiles"), is_closed=True)
    for folder in folders:
        path = f"{folder}/{DATABASE}"
        try:
            if not Path(path).is_dir():
                os.lstat(path)
                yield Candidate(path)
        except _GONE:
            continue
        except OSError:
            yield Candidate(path, is_closed=True)


def candidates_below(root: str) -> Iterator[Candidate]:
    """Yield the files below a folder that may be Hermes', by name, and folders that are closed.

    Links below it are not followed. Neither depth nor the number of folders is without bound.
    """
    waiting = [(root, _DEEPEST)]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        path, depth = waiting.pop()
        try:
            entries = _listed(path)
        except _GONE:
            continue
        except OSError:
            yield Candidate(path, is_closed=True)
            continue
        folders = []
        for entry in entries:
            if _may_be_read(entry):
                yield Candidate(entry.path)
            elif depth > 1 and _may_hold(entry):
                folders.append((entry.path, depth - 1))
        waiting += reversed(folders)


def _may_be_read(entry: Entry) -> bool:
    return (entry.name == DATABASE or is_rows(entry.name)) and entry.is_file(follow_symlinks=False)


def _may_hold(entry: Entry) -> bool:
    return entry.name not in _NEVER_INSIDE and entry.is_dir(follow_symlinks=False)


def _listed(path: str) -> list[Entry]:
    """Return what a folder holds by name, but for what nothing could name."""
    with os.scandir(path) as found:
        return sorted((entry for entry in found if _can_be_named(entry)), key=_name)


def _can_be_named(entry: Entry) -> bool:
    try:
        entry.path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name(entry: Entry) -> str:
    return entry.name
