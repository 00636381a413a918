"""Which traces a bucket holds."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.filesystem.layout import ENVELOPE, TOMBSTONES, TRACES, is_trace_id
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.ids import TraceId
from opentraces.ports.kept_traces import KeptTraces


class FilesystemKeptTraces(KeptTraces):
    """See KeptTraces. Imports no model."""

    def __init__(self, bucket: Path) -> None:
        """Look into `bucket`."""
        self._bucket = Tree(bucket)

    def ids(self) -> Iterator[TraceId]:
        """See KeptTraces."""
        return trace_ids(self._bucket)


def trace_ids(bucket: Tree) -> Iterator[TraceId]:
    """Yield every trace that was committed and not deleted, ascending."""
    deleted = {
        name.removesuffix(".json")
        for prefix in bucket.names(TOMBSTONES)
        for name in bucket.names(f"{TOMBSTONES}/{prefix}")
    }
    for prefix in bucket.names(TRACES):
        for name in _committed(bucket, f"{TRACES}/{prefix}"):
            if name.startswith(prefix) and is_trace_id(name) and name not in deleted:
                yield TraceId(name)


def _committed(bucket: Tree, folder: str) -> list[str]:
    """Return the folders in `folder` that hold an envelope, ascending."""
    with translated(folder):
        descriptor = bucket.enter(folder)
        if descriptor is None:
            return []
        try:
            with os.scandir(descriptor) as entries:
                names = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
            return sorted(name for name in names if _has_envelope(name, descriptor))
        finally:
            os.close(descriptor)


def _has_envelope(folder: str, parent: int) -> bool:
    try:
        found = os.stat(f"{folder}/{ENVELOPE}", dir_fd=parent, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(found.st_mode)
