"""How maps and slices of a trace are wired: plain functions; nothing writes or searches."""

from opentraces.application.map_trace import MapTrace
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.slice_trace import SliceTrace
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.pricing import prices
from opentraces.entrypoints.container.trail import show_trail
from opentraces.entrypoints.settings import Settings


def map_trace(settings: Settings) -> MapTrace:
    """Make the use case that says what happened in a trace."""
    store = traces(settings)
    return MapTrace(store, ResolveTrace(store), show_trail(settings), prices(settings))


def slice_trace(settings: Settings) -> SliceTrace:
    """Make the use case that cuts a trace into evidence."""
    return SliceTrace(map_trace(settings))
