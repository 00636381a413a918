"""Where Hermes' files are: below its own folder, or in whatever place a user names."""

import os
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.hermes.naming import DATABASE, is_rows

_DEEPEST = 8
_MOST_FOLDERS = 20_000
_NEVER_INSIDE = frozenset((".git", "node_modules", ".venv"))


def databases_of(home: Path) -> Iterator[str]:
    """Yield the databases of a Hermes home: its own, and one a profile."""
    profiles = home / "profiles"
    folders = sorted(profiles.iterdir()) if profiles.is_dir() else []
    for folder in (home, *folders):
        database = folder / DATABASE
        if database.is_file():
            yield str(database)


def candidates_below(root: str) -> Iterator[str]:
    """Yield the files below a folder that may be Hermes', by name.

    Links below it are not followed. Neither depth nor the number of folders is without bound.
    """
    waiting = [(root, _DEEPEST)]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        path, depth = waiting.pop()
        folders = []
        for entry in _listed(path):
            if entry.is_file(follow_symlinks=False):
                if entry.name == DATABASE or is_rows(entry.name):
                    yield entry.path
            elif depth > 1 and _may_hold(entry):
                folders.append((entry.path, depth - 1))
        waiting += reversed(folders)


def _may_hold(entry: os.DirEntry[str]) -> bool:
    return entry.name not in _NEVER_INSIDE and entry.is_dir(follow_symlinks=False)


def _listed(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return sorted((each for each in found if _is_named(each)), key=_name)
    except OSError:
        return []


def _is_named(entry: os.DirEntry[str]) -> bool:
    return entry.path.isprintable() or entry.path.encode("utf-8", "replace").decode() == entry.path


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
