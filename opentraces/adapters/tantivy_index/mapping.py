"""Whether files can be mapped into memory, as tantivy does with all of an index."""

import mmap
import os
from contextlib import ExitStack
from pathlib import Path

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.media import NO_MAPS, unmappable


def check_maps(folder: Path) -> None:
    """Look whether files below a folder can be mapped, before much is written to them.

    Raises StorageUnavailable.
    """
    name = folder / f"{os.urandom(8).hex()}.tmp"
    with ExitStack() as held:
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        held.callback(os.close, file)
        name.unlink()
        os.write(file, b"\0")
        try:
            mmap.mmap(file, 1, access=mmap.ACCESS_READ).close()
        except OSError as error:
            if error.errno in NO_MAPS:
                reason = os.strerror(error.errno)
                raise StorageUnavailable(unmappable(str(folder), reason)) from error
            raise
