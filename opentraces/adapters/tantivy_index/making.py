"""Making an index, and saying when it is complete."""

import os
from importlib import import_module
from pathlib import Path

from opentraces.adapters.tantivy_index.files import OWNER


def begin_anew(folder: Path) -> None:
    """Leave an empty folder."""
    import_module("shutil").rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def claim(folder: Path, bucket_id: str) -> None:
    """Say that the index is complete, and whose; indexes of other schemas go."""
    new = folder / f"{OWNER}.new"
    new.unlink(missing_ok=True)
    with new.open("w", encoding="utf-8") as file:
        file.write(bucket_id)
        file.flush()
        os.fsync(file.fileno())
    new.rename(folder / OWNER)
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir():
            import_module("shutil").rmtree(other, ignore_errors=True)
