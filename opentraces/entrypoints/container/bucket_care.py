"""How looking after the bucket is wired."""

from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.adapters.tantivy_index.collecting import TantivyGarbageCollector
from opentraces.application.collect_garbage import CollectGarbage
from opentraces.entrypoints.container import build
from opentraces.entrypoints.settings import Settings


def collect_garbage(settings: Settings) -> CollectGarbage:
    """Make the use case that removes what nothing needs."""
    return CollectGarbage(
        keeper=build.keeper(settings),
        places=(
            FilesystemGarbageCollector(settings.home),
            TantivyGarbageCollector(settings.index),
        ),
        catch_up=build.catch_up(settings, settings.index_wait_seconds),
        clock=SystemClock(),
    )
