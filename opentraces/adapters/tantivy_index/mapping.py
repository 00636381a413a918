"""Whether files can be mapped into memory, as tantivy does with all of an index."""

import mmap
import os
from importlib import import_module
from pathlib import Path

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.media import NO_MAPS, unmappable


def check_maps(folder: Path) -> None:
    """Look whether files below a folder can be mapped, before much is written to them.

    Raises StorageUnavailable.
    """
    with import_module("tempfile").TemporaryFile(dir=folder) as file:
        file.write(b"\0")
        file.flush()
        try:
            mmap.mmap(file.fileno(), 1, access=mmap.ACCESS_READ).close()
        except OSError as error:
            if error.errno in NO_MAPS:
                reason = os.strerror(error.errno)
                raise StorageUnavailable(unmappable(str(folder), reason)) from error
            raise
