"""How sessions are kept: imported by whoever found some that changed."""

from opentraces import __version__
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.adapters.filesystem.room import FilesystemRoom
from opentraces.application.capture_session import CaptureSession
from opentraces.application.head_room import HeadRoom
from opentraces.application.import_sessions import ImportSessions
from opentraces.application.keep_batch import KeepBatch
from opentraces.application.observe_manifests import ObserveManifests
from opentraces.domain.session import SourceKind
from opentraces.entrypoints.container.catching_up import catch_up
from opentraces.entrypoints.container.git import worktrees
from opentraces.entrypoints.container.importing import (
    find_changes,
    sessions,
    spools,
    telemetry_spools,
)
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.media import refuse_unwritable
from opentraces.entrypoints.container.parsing import PARSERS
from opentraces.entrypoints.container.requests import are_waiting
from opentraces.entrypoints.container.writing import markers, writer
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_import_helpers = lazy("opentraces.entrypoints.container.helping:import_helpers")
"""Imported by a long import."""

_keep_requests = lazy("opentraces.entrypoints.container.keeping_requests:keep_requests")
"""Imported where bodies of requests wait."""


def keeper(settings: Settings) -> FilesystemBucketKeeper:
    """Make the BucketKeeper."""
    return FilesystemBucketKeeper(settings.home, SystemClock())


def head_room(settings: Settings) -> HeadRoom:
    """Make what refuses an import that would fill the disk."""
    return HeadRoom(FilesystemRoom(settings.home), traces(settings), str(settings.home))


def keep_batch(settings: Settings) -> KeepBatch:
    """Make the use case that keeps some sessions in a bucket that is there."""
    seen = worktrees(settings)
    return KeepBatch(
        capture=CaptureSession(
            sources=sessions(settings).sources,
            parsers=PARSERS,
            traces=traces(settings),
            blobs=FilesystemBlobStore(settings.bucket),
            progress=FilesystemProgress(settings.state),
            worktrees=seen,
            manifests=ObserveManifests(seen),
            release=__version__,
        ),
        writer=writer(settings),
        markers=markers(settings),
    )


def import_sessions(settings: Settings) -> ImportSessions:
    """Make the use case that keeps sessions; makes the bucket when there is none."""
    refuse_unwritable(settings)
    keeping = keeper(settings)
    keeping.prepare()

    def keep_requests() -> int:
        return int(_keep_requests(settings).execute()) if are_waiting(settings) else 0

    return ImportSessions(
        keeper=keeping,
        find=find_changes(settings),
        keep_batch=keep_batch(settings),
        catch_up=catch_up(settings, settings.index_wait_seconds),
        spools={
            SourceKind.HOOKS: spools(settings),
            SourceKind.TELEMETRY: telemetry_spools(settings),
        },
        keep_requests=keep_requests,
        helpers=lambda: _import_helpers(settings),
    )
