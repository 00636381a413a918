"""Which traces a bucket holds."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from opentraces.adapters.filesystem.layout import ENVELOPE, TOMBSTONES, TRACES, is_trace_id
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.ids import TraceId
from opentraces.ports.kept_traces import KeptTraces
from opentraces.ports.trace_stamps import TraceStamps


class FilesystemKeptTraces(KeptTraces):
    """See KeptTraces. Imports no model."""

    def __init__(self, bucket: Path) -> None:
        """Look into `bucket`."""
        self._bucket = Tree(bucket)

    def ids(self) -> Iterator[TraceId]:
        """See KeptTraces."""
        return trace_ids(self._bucket)


class FilesystemTraceStamps(TraceStamps):
    """See TraceStamps. Each change of a trace replaces its envelope, whose file is looked at."""

    def __init__(self, bucket: Path) -> None:
        """Look into `bucket`."""
        self._bucket = Tree(bucket)

    def stamps(self) -> Mapping[TraceId, str]:
        """See TraceStamps."""
        return {
            trace: f"{found.st_mtime_ns}-{found.st_ino}-{found.st_size}"
            for trace, found in _traces(self._bucket)
        }


def trace_ids(bucket: Tree) -> Iterator[TraceId]:
    """Yield every trace that was committed and not deleted, ascending."""
    return (trace for trace, _ in _traces(bucket))


def _traces(bucket: Tree) -> Iterator[tuple[TraceId, os.stat_result]]:
    """Yield every such trace, ascending, with what is known of its envelope's file."""
    deleted = {
        name.removesuffix(".json")
        for prefix in bucket.names(TOMBSTONES)
        for name in bucket.names(f"{TOMBSTONES}/{prefix}")
    }
    for prefix in bucket.names(TRACES):
        for name, found in _committed(bucket, f"{TRACES}/{prefix}"):
            if name.startswith(prefix) and is_trace_id(name) and name not in deleted:
                yield TraceId(name), found


def _committed(bucket: Tree, folder: str) -> list[tuple[str, os.stat_result]]:
    """Return the folders in `folder` that hold an envelope, ascending, and of it what is known."""
    with translated(folder):
        descriptor = bucket.enter(folder)
        if descriptor is None:
            return []
        try:
            with os.scandir(descriptor) as entries:
                names = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
            looked = ((name, _envelope(name, descriptor)) for name in sorted(names))
            return [(name, found) for name, found in looked if found is not None]
        finally:
            os.close(descriptor)


def _envelope(folder: str, parent: int) -> os.stat_result | None:
    """Return what is known of the envelope in a folder. None: there is none."""
    try:
        found = os.stat(f"{folder}/{ENVELOPE}", dir_fd=parent, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found if stat.S_ISREG(found.st_mode) else None
