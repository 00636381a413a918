"""What reading commands do first when an interrupted run left something undone."""

from time import monotonic

from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.entrypoints.cli.output import note
from opentraces.entrypoints.cli.told import Told
from opentraces.entrypoints.container import indexing
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.index import IndexState

_MAKING_SECONDS = 30.0
"""How long another process that makes the first index is waited for: there is no other answer."""

_trails_are_behind = lazy("opentraces.entrypoints.container.noting:is_behind")
"""Imported by commands that ask of trails: SQLite is."""


def bring_up_to_date(settings: Settings) -> None:
    """Finish what is behind; where that cannot be, an index that answers is good enough.

    Raises StorageUnavailable (Busy) when there is none.
    """
    if indexing.is_behind(settings):
        catch_up(settings)


def bring_trails_up_to_date(settings: Settings) -> None:
    """Do what `bring_up_to_date` does, for what is asked of trails. Raises as it does."""
    if _trails_are_behind(settings):
        catch_up(settings)


def catch_up(settings: Settings) -> None:
    """Bring index and ledger to the state of the bucket; see `bring_up_to_date`."""
    told, waits = Told("Bringing the index up to date"), Told("Waiting for another process's index")
    until = monotonic() + _MAKING_SECONDS
    while True:
        try:
            indexing.catch_up(settings).execute(told)
        except StorageUnavailable as error:
            if indexing.trace_index(settings).state() is not IndexState.ABSENT:
                return note(f"opentraces: not all can be found yet: {error}")
            if not isinstance(error, Busy) or monotonic() >= until:
                raise
            waits()
        else:
            return None
