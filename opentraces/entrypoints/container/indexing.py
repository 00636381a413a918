"""How the index is reached, and asked whether it is behind: imports nothing that reads traces."""

from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.container.marking import is_marked
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.index import IndexState, TraceIndex


def is_behind(settings: Settings) -> bool:
    """Whether the index, or the ledger, has something to catch up with."""
    if is_marked(settings):
        return True
    try:
        return trace_index(settings).state() is IndexState.ABSENT
    except StorageUnavailable:  # whoever needs the index will meet it, and say it
        return True


def trace_index(settings: Settings) -> TraceIndex:
    """Make the TraceIndex."""
    bucket = read_bucket_id(settings.bucket)
    return TantivyTraceIndex(settings.index_folder, bucket, settings.passing)


catch_up = lazy("opentraces.entrypoints.container.catching_up:catch_up")
"""Make the CatchUp of some Settings: imported only when something is behind."""
