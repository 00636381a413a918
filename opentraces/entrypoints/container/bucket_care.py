"""How looking after the bucket is wired."""

from pathlib import Path

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.room import FilesystemRoom
from opentraces.adapters.filesystem.snapshot.snapshots import FilesystemSnapshots
from opentraces.adapters.filesystem.trace_ids import FilesystemKeptTraces
from opentraces.adapters.filesystem.traces import committed_number
from opentraces.adapters.tantivy_index.collecting import TantivyGarbageCollector
from opentraces.application.collect_garbage import CollectGarbage
from opentraces.application.release_sources import ReleaseSources
from opentraces.application.take_snapshot import TakeSnapshot
from opentraces.application.verify_bucket import VerifyBucket
from opentraces.entrypoints.container import reading
from opentraces.entrypoints.container.catching_up import catch_up
from opentraces.entrypoints.container.keeping import keeper
from opentraces.entrypoints.container.writing import writer
from opentraces.entrypoints.settings import Settings


def verify_bucket(settings: Settings) -> VerifyBucket:
    """Make the use case that checks all that is kept."""
    blobs = FilesystemBlobStore(settings.bucket)
    return VerifyBucket(keeper(settings), reading.traces(settings), blobs)


def collect_garbage(settings: Settings) -> CollectGarbage:
    """Make the use case that removes what nothing needs."""
    return CollectGarbage(
        keeper=keeper(settings),
        places=(
            FilesystemGarbageCollector(settings.home),
            TantivyGarbageCollector(settings.index_folder),
        ),
        release=ReleaseSources(
            traces=reading.traces(settings),
            blobs=FilesystemBlobStore(settings.bucket),
            writer=writer(settings),
        ),
        catch_up=catch_up(settings, settings.index_wait_seconds),
        clock=SystemClock(),
    )


def take_snapshot(settings: Settings, place: Path) -> TakeSnapshot:
    """Make the use case that copies the bucket to `place`, a home of its own."""
    copy = place / "bucket"
    markers = FilesystemMarkers(place / "state", lambda trace: committed_number(copy, trace))
    return TakeSnapshot(
        keeper=keeper(settings),
        traces=FilesystemKeptTraces(settings.bucket),
        snapshots=FilesystemSnapshots(settings.home, place, markers),
        room=FilesystemRoom(place),
    )
