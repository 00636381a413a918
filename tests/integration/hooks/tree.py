"""All that is below a folder, in a form that can be compared."""

import hashlib
from pathlib import Path


def everything(folder: Path) -> dict[str, tuple[int | str, ...]]:
    """Return what each thing is and holds, and when it was changed, by its path."""
    return {str(path.relative_to(folder)): _of(path) for path in [folder, *folder.rglob("*")]}


def _of(path: Path) -> tuple[int | str, ...]:
    found = path.lstat()
    held = ""
    if path.is_symlink():
        held = str(path.readlink())
    elif path.is_file():
        held = hashlib.sha256(path.read_bytes()).hexdigest()
    return found.st_mode, found.st_ino, found.st_mtime_ns, found.st_ctime_ns, held
