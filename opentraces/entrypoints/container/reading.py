"""How reading a trace is wired: plain functions that import nothing that writes or searches."""

from opentraces.application.get_trace import GetTrace
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.tail_trace import TailTrace
from opentraces.entrypoints.container.describing import later_format
from opentraces.entrypoints.container.kept import hook_events, traces
from opentraces.entrypoints.container.overviewing import overview
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

__all__ = ["catch_up", "get_trace", "hook_events", "is_marked", "tail_trace", "traces"]


def get_trace(settings: Settings) -> GetTrace:
    """Make the use case that reads a trace."""
    store = traces(settings)
    return GetTrace(store, ResolveTrace(store), hook_events(settings))


def tail_trace(settings: Settings) -> TailTrace:
    """Make the use case that reads the end of a trace."""
    return TailTrace(overview(settings), get_trace(settings))


def is_marked(settings: Settings) -> bool:
    """Whether an interrupted run may have left it open which trace holds which step.

    Never of a bucket that a later release made: it is not for this one to finish.
    """
    dirty = settings.state / "dirty"
    return dirty.is_dir() and any(dirty.iterdir()) and later_format(settings) is None


catch_up = lazy("opentraces.entrypoints.container.catching_up:catch_up")
"""Make the CatchUp of some Settings: imported only when something is marked."""
