"""What commands do about events that a crash left behind; imports next to nothing."""

from opentraces.adapters.filesystem.backlog import has_backlog, has_sidecar_backlog
from opentraces.adapters.filesystem.enrolled import listed_folders
from opentraces.adapters.worker.starting import start_ingest
from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.container.sidecar_folders import SIDECARS
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_has_work = lazy("opentraces.entrypoints.container.ingesting:has_work")
"""Imported when there is a backlog."""


def take_up_backlog(settings: Settings) -> None:
    """Start a worker where events wait that nobody is at; a command never fails for it."""
    try:
        if _is_waiting(settings) and _has_work(settings, None):
            start_ingest(settings.work_log, settings.worker_environment)
    except (OpentracesError, OSError):
        return


def _is_waiting(settings: Settings) -> bool:
    if has_backlog(str(settings.spool)):
        return True
    return any(
        has_sidecar_backlog(listed_folders(settings.state, agent), f"{agent.value}/{folder}")
        for agent, folder in SIDECARS.items()
    )
