"""The trail of a trace, its changes as the agent's own lines and its hooks together tell them."""

from collections.abc import Iterator, Mapping

from opentraces.application.hook_changes import joined_changes
from opentraces.domain.envelope import Envelope
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.session import Agent
from opentraces.domain.trail.events import PatchCreated, TrailEvent
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


def joined_trail(
    envelope: Envelope,
    hooks: HookFacts,
    traces: TraceStore,
    readers: Mapping[Agent, HookEvents],
) -> Iterator[TrailEvent]:
    """Yield the events in order; ids of patches stay. Raises Corrupt, StorageUnavailable."""
    events = tuple(traces.trail(envelope))
    told = (event.change for event in events if isinstance(event, PatchCreated))
    joined = joined_changes(told, envelope, hooks, traces, readers)
    for event in events:
        if isinstance(event, PatchCreated):
            yield event.but(change=next(joined))
        else:
            yield event
