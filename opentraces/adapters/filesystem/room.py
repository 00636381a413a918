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
        with translated(str(self._folder)):
            candidates = (self._folder, *self._folder.parents)
            found = os.statvfs(next(path for path in candidates if path.is_dir()))
        return found.f_bavail * found.f_frsize
