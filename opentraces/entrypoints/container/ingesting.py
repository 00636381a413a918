"""How a worker begins: plain functions that import no more than it takes to find nothing to do."""

from opentraces.adapters.filesystem.work_log import FilesystemWorkLog
from opentraces.domain.errors import Busy, OpentracesError
from opentraces.domain.ids import SessionId
from opentraces.entrypoints.container.describing import refuse_later
from opentraces.entrypoints.container.importing import spools
from opentraces.entrypoints.container.media import refuse_unwritable
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.spool import EventSpool


def has_work(settings: Settings, session: SessionId | None) -> bool:
    """Whether anything waits that no other worker is at; also turns a long log over.

    Raises NewerFormat where a later release made the bucket: what waits is left to it; and
    StorageUnavailable.
    """
    refuse_later(settings)
    told = spools(settings).values()
    waiting = [(spool, each.session) for spool in told for each in spool.waiting()]
    if not waiting:
        return False
    refuse_unwritable(settings)
    work_log(settings).turn_over()
    return any(_is_free(spool, each) for spool, each in waiting if session in (None, each))


def take_up_now(settings: Settings) -> str | None:
    """Keep what hooks wrote down before it is looked for no more; never fails.

    Returns why something may still wait. None: nothing hindered it.
    """
    try:
        if has_work(settings, None):
            for _ in ingest_all(settings).execute():
                pass
    except (OpentracesError, OSError) as error:
        return str(error)
    return None


def work_log(settings: Settings) -> FilesystemWorkLog:
    """Make the WorkLog."""
    return FilesystemWorkLog(settings.work_log)


def _is_free(spool: EventSpool, session: SessionId) -> bool:
    try:
        with spool.lease(session):
            return True
    except Busy:
        return False


ingest_all = lazy("opentraces.entrypoints.container.keeping_events:ingest_all")
"""Make the IngestAll of some Settings: imported only when there is work."""
