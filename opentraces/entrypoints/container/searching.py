"""How a search is wired: plain functions that import no more than a search needs.

`trace query` is run in a loop, so it starts from here and not from the container; `build` calls
the same functions, so that there is one wiring.
"""

from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.application.query_traces import QueryTraces
from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.container.marking import is_marked
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.index import IndexState, TraceIndex

_gunzipped_faster = lazy("opentraces.adapters.filesystem.members_by_isal:gunzipped")
"""Imported by who reads many steps: a process that stays, or one that shows very many traces."""


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


def query_traces(settings: Settings) -> QueryTraces:
    """Make the use case that searches."""
    texts = FilesystemStepTexts(settings.bucket, _gunzipped_faster)
    return QueryTraces(trace_index(settings), texts)


catch_up = lazy("opentraces.entrypoints.container.build:catch_up")
"""Make the CatchUp of some Settings: imported only when something is behind."""
