"""How writing to traces is wired, for whoever imports and searches nothing."""

from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.traces import committed_number
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.entrypoints.settings import Settings


def markers(settings: Settings) -> FilesystemMarkers:
    """Make the Markers."""
    return FilesystemMarkers(settings.state, lambda trace: committed_number(settings.bucket, trace))


def writer(settings: Settings) -> FilesystemTraceWriter:
    """Make the TraceWriter."""
    return FilesystemTraceWriter(settings.bucket, settings.state, markers(settings))
