"""All that is kept of what the model saw: a trace's tree, and what its agent's hooks tell of it."""

from collections.abc import Iterator, Mapping

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import of_source
from opentraces.domain.envelope import Envelope
from opentraces.domain.session import Agent
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


def context_events(
    envelope: Envelope, traces: TraceStore, readers: Mapping[Agent, HookEvents]
) -> Iterator[ContextEvent]:
    """Yield the events of the tree, then those of requests that hooks saw.

    Raises Corrupt, StorageUnavailable.
    """
    yield from traces.context(envelope)
    yield from requests_seen(envelope, traces, readers)


def requests_seen(
    envelope: Envelope, traces: TraceStore, readers: Mapping[Agent, HookEvents]
) -> Iterator[ContextEvent]:
    """Yield what an agent's hooks tell of requests, with the number of their source."""
    source, reader = envelope.events_source, readers.get(envelope.header.agent)
    if source is not None and reader is not None:
        for event in reader.contexts(traces.source(envelope, source, 0)):
            yield of_source(event, source)
