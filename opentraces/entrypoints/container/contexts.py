"""How reading what the model saw is wired: plain functions that import nothing that writes."""

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.application.read_context import ReadContext
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.settings import Settings


def read_context(settings: Settings) -> ReadContext:
    """Make the use case that reads the Context Tree of a trace."""
    store = traces(settings)
    return ReadContext(store, FilesystemBlobStore(settings.bucket), ResolveTrace(store))
