"""What the calls of a trace did to files, with what hooks were told of them."""

from collections.abc import Iterable, Iterator, Mapping

from opentraces.application.kept_bytes import taken
from opentraces.domain.envelope import Envelope
from opentraces.domain.hook_facts import HookFacts, ToolEvent
from opentraces.domain.session import Agent
from opentraces.domain.trail.file_change import FileChange
from opentraces.domain.trail.hook_changes import joined_change, wants_hook
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


def joined_changes(
    changes: Iterable[FileChange],
    envelope: Envelope,
    hooks: HookFacts,
    traces: TraceStore,
    events: Mapping[Agent, HookEvents],
) -> Iterator[FileChange]:
    """Yield each change in its order, as its step's source and the events together say it.

    Events are read only for changes that leave something open. Raises Corrupt, StorageUnavailable.
    """
    source, reader = envelope.events_source, events.get(envelope.header.agent)
    for change in changes:
        end = hooks.tools.get(change.call) if change.call is not None else None
        heard = None
        if source is not None and reader is not None and end is not None and _helps(end, change):
            pieces = traces.source(envelope, source, end.place.offset)
            heard = reader.change(taken(pieces, end.place.length), end.place, source)
        yield change if heard is None else joined_change(change, heard)


def _helps(end: ToolEvent, change: FileChange) -> bool:
    return end.has_response and wants_hook(change)
