"""How giving files back is wired."""

from pathlib import Path

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.destination import FolderDestination
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.restore_trace import RestoreTrace
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.settings import Settings


def restore_trace(settings: Settings) -> RestoreTrace:
    """Make the use case that gives files back."""
    store = traces(settings)
    return RestoreTrace(store, FilesystemBlobStore(settings.bucket), ResolveTrace(store))


def destination(folder: Path) -> FolderDestination:
    """Make the place where a user wants files."""
    return FolderDestination(folder)
