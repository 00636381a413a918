"""How removing a trace is wired."""

from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.application.delete_trace import DeleteTrace
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.entrypoints.container.catching_up import catch_up
from opentraces.entrypoints.container.describing import refuse_later
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.listing_skills import use_sums
from opentraces.entrypoints.container.media import refuse_unwritable
from opentraces.entrypoints.container.writing import writer
from opentraces.entrypoints.settings import Settings


def delete_trace(settings: Settings) -> DeleteTrace:
    """Make the use case that removes a trace. Raises NewerFormat, StorageUnavailable."""
    refuse_later(settings)
    refuse_unwritable(settings)
    return DeleteTrace(
        writer=writer(settings),
        progress=FilesystemProgress(settings.state),
        catch_up=catch_up(settings, settings.index_wait_seconds),
        resolve=ResolveTrace(traces(settings)),
        sums=use_sums(settings),
    )
