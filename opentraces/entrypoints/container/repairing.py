"""How a repair of the bucket is wired."""

from collections.abc import Collection
from functools import partial

from opentraces import __version__
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.mending.mender import FilesystemMender
from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.adapters.filesystem.room import FilesystemRoom
from opentraces.adapters.sqlite_ledger.ledger import bucket_of
from opentraces.adapters.tantivy_index.files import owner_of
from opentraces.application.repair_bucket import RepairBucket
from opentraces.application.repair_trace import RepairTrace
from opentraces.application.reproject_bucket import ReprojectBucket
from opentraces.application.reproject_trace import ReprojectTrace
from opentraces.entrypoints.container.catching_up import catch_up
from opentraces.entrypoints.container.importing import sessions
from opentraces.entrypoints.container.keeping import keeper
from opentraces.entrypoints.container.media import refuse_unwritable
from opentraces.entrypoints.container.parsing import PARSERS
from opentraces.entrypoints.container.reading import traces
from opentraces.entrypoints.container.writing import markers, writer
from opentraces.entrypoints.settings import Settings


def repair_bucket(settings: Settings, *, dry_run: bool) -> RepairBucket:
    """Make the use case that mends the bucket; `dry_run`: that says what it would do.

    Raises StorageUnavailable.
    """
    if not dry_run:
        refuse_unwritable(settings)
    kept = keeper(settings)
    mender = FilesystemMender(settings.home, markers(settings), SystemClock(), dry_run=dry_run)
    reproject = reproject_trace(settings)
    return RepairBucket(
        keeper=kept,
        mender=mender,
        repair=RepairTrace(mender, sessions(settings), reproject, dry_run),
        reproject=ReprojectBucket(
            keeper=kept,
            traces=traces(settings),
            writer=writer(settings),
            reproject=reproject,
            room=FilesystemRoom(settings.bucket),
            dry_run=dry_run,
        ),
        names=partial(_names, settings),
        catch_up=partial(catch_up, settings, settings.index_wait_seconds),
        dry_run=dry_run,
    )


def reproject_trace(settings: Settings) -> ReprojectTrace:
    """Make the use case that makes the steps of a trace again."""
    return ReprojectTrace(
        parsers=PARSERS,
        traces=traces(settings),
        blobs=FilesystemBlobStore(settings.bucket),
        progress=FilesystemProgress(settings.state),
        release=__version__,
    )


def _names(settings: Settings) -> Collection[str]:
    """Return what index and ledger say that their bucket is called."""
    said = (owner_of(settings.index_folder), bucket_of(settings.state / "ledger.sqlite"))
    return tuple(name for name in said if name is not None)
