"""How each port and use case is made: plain functions, called by the container's providers.

What a search needs is in `searching`, which imports no models; this module imports everything.
"""

from pathlib import Path

from opentraces import __version__
from opentraces.adapters.claude_code.request_bodies import answer_in, said_in, session_in
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.destination import FolderDestination
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.adapters.filesystem.request_bodies import FilesystemRequestBodies
from opentraces.adapters.filesystem.room import FilesystemRoom
from opentraces.adapters.sqlite_ledger.ledger import SqliteLedger
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.application.capture_session import CaptureSession
from opentraces.application.catch_up import CatchUp
from opentraces.application.delete_trace import DeleteTrace
from opentraces.application.head_room import HeadRoom
from opentraces.application.import_sessions import ImportSessions
from opentraces.application.index_traces import IndexTraces
from opentraces.application.ingest_all import IngestAll
from opentraces.application.ingest_events import IngestEvents
from opentraces.application.keep_batch import KeepBatch
from opentraces.application.keep_requests import KeepRequests
from opentraces.application.note_trails import NoteTrails
from opentraces.application.observe_manifests import ObserveManifests
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.restore_trace import RestoreTrace
from opentraces.application.settle_context import SettleContext
from opentraces.application.settle_usage import SettleUsage
from opentraces.domain.session import SourceKind
from opentraces.entrypoints.container.deriving import derive_context
from opentraces.entrypoints.container.describing import later_format, refuse_later
from opentraces.entrypoints.container.git import worktrees
from opentraces.entrypoints.container.importing import (
    find_changes,
    live_sessions,
    sessions,
    spools,
    telemetry_spools,
)
from opentraces.entrypoints.container.listing_skills import use_sums
from opentraces.entrypoints.container.media import refuse_unwritable
from opentraces.entrypoints.container.noting import trail_index
from opentraces.entrypoints.container.parsing import PARSERS
from opentraces.entrypoints.container.reading import hook_events, traces
from opentraces.entrypoints.container.searching import trace_index
from opentraces.entrypoints.container.sidecar_folders import SIDECARS
from opentraces.entrypoints.container.writing import markers, writer
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_follow_trail = lazy("opentraces.entrypoints.container.trail:follow_trail")
"""Imported by whoever keeps what hooks wrote down, and by no import."""

_import_helpers = lazy("opentraces.entrypoints.container.helping:import_helpers")
"""Imported by a long import."""

_READ_WAIT_SECONDS = 0.2
"""How long a command that only reads waits for an index that another process writes to."""

_LEDGER_WAIT_SECONDS = 600.0
"""How long the ledger is waited for: another import holds it while it settles."""


def keeper(settings: Settings) -> FilesystemBucketKeeper:
    """Make the BucketKeeper."""
    return FilesystemBucketKeeper(settings.home, SystemClock())


def restore_trace(settings: Settings) -> RestoreTrace:
    """Make the use case that gives files back."""
    store = traces(settings)
    return RestoreTrace(store, FilesystemBlobStore(settings.bucket), ResolveTrace(store))


def destination(folder: Path) -> FolderDestination:
    """Make the place where a user wants files."""
    return FolderDestination(folder)


def catch_up(settings: Settings, wait_seconds: float = _READ_WAIT_SECONDS) -> CatchUp:
    """Make the use case that finishes what an interrupted run left undone."""
    bucket = read_bucket_id(settings.bucket)
    ledger = SqliteLedger(settings.state / "ledger.sqlite", bucket, _LEDGER_WAIT_SECONDS)
    store = traces(settings)
    trees = SettleContext(store, writer(settings), derive_context(settings).execute)
    return CatchUp(
        traces=store,
        markers=markers(settings),
        index=trace_index(settings),
        index_writer=TantivyIndexWriter(settings.index_folder, bucket, wait_seconds),
        ledger=ledger,
        settle=SettleUsage(ledger, store, writer(settings), trees),
        index_traces=IndexTraces(store),
        trails=NoteTrails(store, trail_index(settings)),
        may_settle=later_format(settings) is None,
    )


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
    return ImportSessions(
        keeper=keeping,
        find=find_changes(settings),
        keep_batch=keep_batch(settings),
        catch_up=catch_up(settings, settings.index_wait_seconds),
        spools={
            SourceKind.HOOKS: spools(settings),
            SourceKind.TELEMETRY: telemetry_spools(settings),
        },
        keep_requests=keep_requests(settings).execute,
        helpers=lambda: _import_helpers(settings),
    )


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


def ingest_all(settings: Settings) -> IngestAll:
    """Make the use case that keeps what hooks wrote down; makes the bucket when there is none."""
    imports, events = import_sessions(settings), hook_events(settings)
    sources, told = live_sessions(settings), spools(settings)
    follow = _follow_trail(settings)
    return IngestAll(
        tuple(
            IngestEvents(
                spool=spool,
                sessions=sources[agent],
                events=events[agent],
                imports=imports,
                clock=SystemClock(),
                may_be_forged=agent in SIDECARS,
                follow=lambda trace, facts, is_over: follow.execute(trace, facts, is_over=is_over),
            )
            for agent, spool in told.items()
        )
    )
