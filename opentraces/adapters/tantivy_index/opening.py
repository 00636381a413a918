"""Opening an index to be read, also where nothing can be written or locked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import tantivy

from opentraces.adapters.tantivy_index.refusals import is_refused_lock
from opentraces.adapters.tantivy_index.schema import teach_words

_ATTEMPTS = 10


def opened(folder: Path, passing: Path) -> tantivy.Index:
    """Open an index. Raises ValueError, with whatever tantivy says, and OSError.

    It locks a file of its own while it opens the others, which takes a folder that can be written
    to and a file system with locks. Where one is missing, it opens a folder of links below
    `passing`: what is open stays so when that is gone.
    """
    try:
        index = tantivy.Index.open(str(folder))
    except ValueError as error:
        if not is_refused_lock(error):
            raise
        with _linked(folder, passing / f"opentraces-index-{os.urandom(8).hex()}") as beside:
            index = tantivy.Index.open(str(beside))
    teach_words(index)
    return index


@contextmanager
def _linked(folder: Path, beside: Path) -> Iterator[Path]:
    beside.mkdir(0o700)
    try:
        for file in folder.iterdir():
            if file.suffix != ".lock":
                (beside / file.name).symlink_to(file.absolute())
        yield beside
    finally:
        _remove(beside)


def _remove(folder: Path) -> None:
    """Remove it; tantivy's own thread, which looks for changes, may make a lock in it meanwhile."""
    for _ in range(_ATTEMPTS):
        with suppress(OSError):
            for file in folder.iterdir():
                file.unlink(missing_ok=True)
            folder.rmdir()
            return
