"""The folder of all that we keep."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from opentraces.adapters.filesystem.layout import FOREIGN
from opentraces.adapters.filesystem.tree import translated
from opentraces.domain.errors import ForeignBucket
from opentraces.domain.home_part import HomePart
from opentraces.ports.home import Home

RESUMED = "resumed"
"""Sessions that were gone on with, and worktrees for them: what is in these is the user's."""

OURS = ("bucket", "config.toml", "index", "otlp", "projects.json", RESUMED, "spool", "state")
"""All that is ours in the folder of a home."""


class FilesystemHome(Home):
    """See Home."""

    def __init__(self, home: Path) -> None:
        """Look into `home`."""
        self._home = home

    def parts(self) -> tuple[HomePart, ...]:
        """See Home."""
        with translated(str(self._home)):
            return tuple(HomePart(str(path), _size(path)) for path in self._paths())

    def purge(self) -> None:
        """See Home. The bucket goes last: whatever is interrupted can be done again."""
        if os.path.lexists(self._home / "bucket" / FOREIGN):
            raise ForeignBucket(f"{self._home / 'bucket'} holds the bucket of another program")
        with translated(str(self._home)):
            for path in sorted(self._paths(), key=lambda path: path.name == "bucket"):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            with suppress(OSError):  # something that is not ours is in it, or it is a mount
                self._home.rmdir()

    def _paths(self) -> Iterator[Path]:
        return (self._home / name for name in OURS if os.path.lexists(self._home / name))


def _size(path: Path) -> int:
    if not path.is_dir() or path.is_symlink():
        return path.lstat().st_size
    walk = os.walk(path, followlinks=False)
    return sum(Path(folder, file).lstat().st_size for folder, _, files in walk for file in files)
