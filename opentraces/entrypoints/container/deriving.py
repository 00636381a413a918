"""How a Context Tree is made again: apart from what reads trees, which an import never does."""

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.application.derive_context import DeriveContext
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.parsing import PARSERS
from opentraces.entrypoints.settings import Settings


def derive_context(settings: Settings) -> DeriveContext:
    """Make the use case that makes a Context Tree again."""
    return DeriveContext(PARSERS, traces(settings), FilesystemBlobStore(settings.bucket))
