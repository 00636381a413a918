"""What reading a trace begins with: an interrupted run left it open whose responses are whose."""

from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.cli.output import note
from opentraces.entrypoints.container import marking
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_catch_up = lazy("opentraces.entrypoints.container.catching_up:catch_up")
"""Imported only when something is marked."""


def settle(settings: Settings) -> None:
    """Finish what an interrupted run left undone: whose responses are whose is part of a trace."""
    if not marking.is_marked(settings):
        return
    try:
        _catch_up(settings).execute()
    except StorageUnavailable as error:
        note(f"opentraces: an import is not finished yet: {error}")
