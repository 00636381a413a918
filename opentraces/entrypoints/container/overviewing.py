"""How a glance at all traces is wired; imports no models."""

from opentraces.adapters.filesystem.overview import FilesystemTraceOverview
from opentraces.entrypoints.settings import Settings


def overview(settings: Settings) -> FilesystemTraceOverview:
    """Make the TraceOverview."""
    return FilesystemTraceOverview(settings.bucket)
