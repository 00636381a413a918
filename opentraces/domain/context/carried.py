"""What of a Context Tree is kept when the rest of it is made again from its sources."""

from collections.abc import Iterable, Iterator

from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved

COPIED = "copied"
"""The limitation of a node whose call is another session's."""

LIVE = frozenset(("live_capture", "otel"))
"""Capture methods of nodes that no line of the session tells of."""


def carried(events: Iterable[ContextEvent]) -> Iterator[ContextEvent]:
    """Yield bodies, parts, and the nodes and layers that came from them."""
    held: dict[str, LayerObserved] = {}
    for event in events:
        if isinstance(event, LayerObserved):
            held[event.layer_id] = event
        elif not isinstance(event, NodeObserved):
            yield event
        elif event.capture_method in LIVE:
            for layer in (event.system, event.tool_registry, event.runtime_state):
                if layer in held:
                    yield held.pop(layer)
            yield event


def own(events: Iterable[ContextEvent]) -> Iterator[ContextEvent]:
    """Yield events, less the nodes that a source says itself to be copied from another session."""
    for event in events:
        if not (isinstance(event, NodeObserved) and COPIED in event.limitations):
            yield event


def made_of(events: Iterable[ContextEvent]) -> dict[tuple[int, str], str]:
    """Return the nodes that a session's lines tell of, by source and answer."""
    return {
        (event.source, event.call or event.node_id): event.node_id
        for event in own(events)
        if isinstance(event, NodeObserved) and event.capture_method not in LIVE
    }
