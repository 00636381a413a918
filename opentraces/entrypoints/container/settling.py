"""How a tree is settled: imported where a trace holds steps of another."""

from opentraces.application.settle_context import SettleContext
from opentraces.entrypoints.container.deriving import derive_context
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.writing import writer
from opentraces.entrypoints.settings import Settings


def settle_context(settings: Settings) -> SettleContext:
    """Make the use case that leaves the nodes of copied steps to the trace they are of."""
    return SettleContext(traces(settings), writer(settings), derive_context(settings).execute)
