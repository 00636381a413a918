"""What commands do about events that a crash left behind; imports next to nothing."""

from opentraces.adapters.filesystem.backlog import has_backlog
from opentraces.adapters.worker.starting import start_ingest
from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_has_work = lazy("opentraces.entrypoints.container.ingesting:has_work")
"""Imported when there is a backlog."""


def take_up_backlog(settings: Settings) -> None:
    """Start a worker where events wait that nobody is at; a command never fails for it."""
    if not has_backlog(str(settings.spool)):
        return
    try:
        if _has_work(settings, None):
            start_ingest(settings.work_log, settings.worker_environment)
    except (OpentracesError, OSError):
        return
