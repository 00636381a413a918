"""How a worker begins: plain functions that import no more than it takes to find nothing to do."""

from opentraces.adapters.filesystem.work_log import turn_over
from opentraces.domain.errors import Busy
from opentraces.domain.ids import SessionId
from opentraces.entrypoints.container.importing import spool
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings


def has_work(settings: Settings, session: SessionId | None) -> bool:
    """Whether anything waits that no other worker is at; also turns a long log over."""
    turn_over(settings.work_log)
    events = spool(settings)
    return any(
        _is_free(settings, each.session)
        for each in events.waiting()
        if session in (None, each.session)
    )


def _is_free(settings: Settings, session: SessionId) -> bool:
    try:
        with spool(settings).lease(session):
            return True
    except Busy:
        return False


ingest_events = lazy("opentraces.entrypoints.container.build:ingest_events")
"""Make the IngestEvents of some Settings: imported only when there is work."""
