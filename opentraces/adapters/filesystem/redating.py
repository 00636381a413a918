"""What was changed at a time that is still to come, by a clock that was wrong."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from opentraces.adapters.filesystem.tree import names_in, translated

_DAY_S = 86_400
"""What is ahead by less is old soon enough."""

_TEMPORARY = ".tmp"


def redate(home: Path, now: float) -> None:
    """Let what may be garbage in a home have been changed `now`, where it says that it will be.

    It would never be old. Lists that hooks read, logs and events stay as they are: their times
    mean something.
    """
    with translated(str(home)):
        for folder, names in _candidates(home):
            for name in names:
                with suppress(FileNotFoundError):  # another process took it away
                    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    if found.st_mtime > now + _DAY_S:
                        os.utime(name, (now, now), dir_fd=folder, follow_symlinks=False)


def _candidates(home: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield open folders, and names in them."""
    for part in (home / "bucket", home / "state" / "progress"):
        with suppress(FileNotFoundError):
            for _, folders, files, folder in os.fwalk(part.resolve()):
                yield folder, [*folders, *files]
    for part in (home, home / "state", home / "state" / "enrolled"):
        with suppress(FileNotFoundError):
            folder = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                yield folder, [name for name in names_in(folder) if name.endswith(_TEMPORARY)]
            finally:
                os.close(folder)
