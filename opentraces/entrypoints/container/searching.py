"""How a search is wired: plain functions that import no more than a search needs.

`trace query` is run in a loop, so it starts from here and not from the container.
"""

from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.application.query_traces import QueryTraces
from opentraces.entrypoints.container.indexing import trace_index
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_gunzipped_faster = lazy("opentraces.adapters.filesystem.members_by_isal:gunzipped")
"""Imported by who reads many steps: a process that stays, or one that shows very many traces."""


def query_traces(settings: Settings) -> QueryTraces:
    """Make the use case that searches."""
    texts = FilesystemStepTexts(settings.bucket, _gunzipped_faster)
    return QueryTraces(trace_index(settings), texts)
