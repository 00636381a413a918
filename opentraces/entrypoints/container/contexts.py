"""How reading what the model saw is wired: plain functions that import nothing that writes."""

from functools import partial

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.application.diff_contexts import DiffContexts
from opentraces.application.draw_context import DrawContext
from opentraces.application.hand_over import HandOver
from opentraces.application.list_compactions import ListCompactions
from opentraces.application.read_context import ReadContext
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.show_context import ShowContext
from opentraces.application.weigh_context import WeighContext
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.envelope import Envelope
from opentraces.entrypoints.container.deriving import derive_context
from opentraces.entrypoints.container.kept import hook_events, traces
from opentraces.entrypoints.container.reading import get_trace
from opentraces.entrypoints.settings import Settings


def read_context(settings: Settings) -> ReadContext:
    """Make the use case that reads the Context Tree of a trace."""
    store = traces(settings)
    blobs = FilesystemBlobStore(settings.bucket)
    return ReadContext(
        store, blobs, ResolveTrace(store), hook_events(settings), partial(_derived, settings)
    )


def show_context(settings: Settings) -> ShowContext:
    """Make the use case that shows what the model saw at a step."""
    return ShowContext(read_context(settings))


def weigh_context(settings: Settings) -> WeighContext:
    """Make the use case that says what filled the window."""
    return WeighContext(show_context(settings))


def diff_contexts(settings: Settings) -> DiffContexts:
    """Make the use case that holds two windows against each other."""
    return DiffContexts(read_context(settings))


def draw_context(settings: Settings) -> DrawContext:
    """Make the use case that draws a Context Tree."""
    return DrawContext(read_context(settings))


def list_compactions(settings: Settings) -> ListCompactions:
    """Make the use case that lists compactions."""
    return ListCompactions(read_context(settings))


def hand_over(settings: Settings) -> HandOver:
    """Make the use case that tells another agent of a session."""
    return HandOver(get_trace(settings), traces(settings))


def _derived(settings: Settings, envelope: Envelope) -> tuple[ContextEvent, ...]:
    return derive_context(settings).execute(envelope)
