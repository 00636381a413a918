"""Folders that make room for new ones, and are deleted when nothing is measured any more.

To delete ten thousand files just before others are made is not free: where a disk keeps no journal,
making a file skips every number that was given back of late, which cost an import a quarter more.
"""

import shutil
from itertools import count
from pathlib import Path

_NAME = "aside"


def set_aside(folder: Path, cache: Path) -> None:
    """Move a folder out of the way, if it is there."""
    if folder.exists():
        aside = cache / _NAME
        aside.mkdir(exist_ok=True)
        place = next(place for n in count() if not (place := aside / str(n)).exists())
        folder.rename(place)


def delete_aside(cache: Path) -> None:
    """Delete what was set aside: at the end."""
    shutil.rmtree(cache / _NAME, ignore_errors=True)
