"""How much can still be written."""

import os
from pathlib import Path

from opentraces.adapters.filesystem.tree import translated
from opentraces.ports.room import Room


class FilesystemRoom(Room):
    """See Room. Of the file system that a folder is on, or will be."""

    def __init__(self, folder: Path) -> None:
        """Look at `folder`, or the nearest above it that is there."""
        self._folder = folder

    def free(self) -> int:
        """See Room. What is set apart for the administrator does not count."""
        folder = next(path for path in (self._folder, *self._folder.parents) if path.is_dir())
        with translated(str(folder)):
            found = os.statvfs(folder)
        return found.f_bavail * found.f_frsize
