"""How bodies of requests are kept: imported where some wait."""

from opentraces.adapters.claude_code.request_bodies import answer_in, said_in, session_in
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.request_bodies import FilesystemRequestBodies
from opentraces.application.keep_requests import KeepRequests
from opentraces.entrypoints.container.deriving import derive_context
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.writing import writer
from opentraces.entrypoints.settings import Settings


def keep_requests(settings: Settings) -> KeepRequests:
    """Make the use case that keeps bodies of requests."""
    return KeepRequests(
        bodies=FilesystemRequestBodies(settings.spool, session_in, answer_in),
        traces=traces(settings),
        blobs=FilesystemBlobStore(settings.bucket),
        writer=writer(settings),
        clock=SystemClock(),
        said_in=said_in,
        derive=derive_context(settings).execute,
    )
