"""Whether files are as they were, and as they should be."""

import os
from pathlib import Path

from opentraces.adapters.hooks_file import files
from opentraces.domain.errors import Busy, SettingsInvalid, StorageUnavailable
from opentraces.domain.setup import FileChange


def check_unchanged(change: FileChange) -> None:
    """Raise Busy when a file is not as it was when the plan was made."""
    path = Path(change.path)
    if files.read(path) != change.before or (change.is_shared and path.is_symlink()):
        raise Busy(f"{path} has changed meanwhile → run the command again")


def may_be_run(path: str) -> bool:
    """Whether a file is there and is a program."""
    try:
        return Path(path).is_file() and os.access(path, os.X_OK)
    except (OSError, ValueError):
        return False  # ValueError: a name that no file can have


def holds(path: str | Path, data: bytes) -> bool:
    """Whether a file is there and holds just this."""
    try:
        return files.read(Path(path)) == data
    except (SettingsInvalid, StorageUnavailable, ValueError):
        return False
