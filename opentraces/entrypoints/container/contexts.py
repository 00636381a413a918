"""How reading what the model saw is wired: plain functions that import nothing that writes."""

from functools import partial

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.application.derive_context import DeriveContext
from opentraces.application.read_context import ReadContext
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.envelope import Envelope
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.parsing import PARSERS
from opentraces.entrypoints.settings import Settings


def read_context(settings: Settings) -> ReadContext:
    """Make the use case that reads the Context Tree of a trace."""
    store = traces(settings)
    blobs = FilesystemBlobStore(settings.bucket)
    return ReadContext(store, blobs, ResolveTrace(store), partial(_derived, settings))


def derive_context(settings: Settings) -> DeriveContext:
    """Make the use case that makes a Context Tree again."""
    return DeriveContext(PARSERS, traces(settings), FilesystemBlobStore(settings.bucket))


def _derived(settings: Settings, envelope: Envelope) -> tuple[ContextEvent, ...]:
    return derive_context(settings).execute(envelope)
