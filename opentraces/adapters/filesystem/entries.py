"""What a folder holds, with sizes and times. No link is followed."""

import os
import stat
from typing import NamedTuple

from opentraces.adapters.filesystem.tree import Tree, translated


class Entry(NamedTuple):
    """Something in a folder."""

    name: str
    """Its own name."""

    mode: int
    """What it is, and who may use it."""

    size: int
    """Bytes, of a file."""

    changed: float
    """When it was last changed, in seconds since 1970."""

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.mode)


def entries(tree: Tree, folder: str) -> list[Entry]:
    """Return what a folder holds, by name; nothing when it is not there, or behind a link."""
    with translated(folder):
        descriptor = tree.enter(folder)
        if descriptor is None:
            return []
        try:
            with os.scandir(descriptor) as found:
                names = sorted(each.name for each in found)
            return [entry for name in names if (entry := _entry(name, descriptor)) is not None]
        finally:
            os.close(descriptor)


def entry_of(tree: Tree, name: str) -> Entry | None:
    """Return one file or folder, or what else has the name. None: nothing has."""
    folder, _, last = name.rpartition("/")
    with translated(name):
        descriptor = tree.enter(folder)
        if descriptor is None:
            return None
        try:
            return _entry(last, descriptor)
        finally:
            os.close(descriptor)


def _entry(name: str, folder: int) -> Entry | None:
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:  # it went a moment ago
        return None
    return Entry(name, found.st_mode, found.st_size, found.st_mtime)
