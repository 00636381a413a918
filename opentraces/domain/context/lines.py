"""Events of a Context Tree as lines of JSON."""

from collections.abc import Mapping

from opentraces.domain.context.events import (
    BodyKept,
    ContextEvent,
    LayerObserved,
    NodeObserved,
    PartObserved,
    said,
)
from opentraces.domain.context.templates import placed
from opentraces.domain.ids import plain_bytes

KINDS: Mapping[str, type[ContextEvent]] = {
    "layer": LayerObserved,
    "node": NodeObserved,
    "part": PartObserved,
    "body": BodyKept,
}
"""What each `event` is read as."""


def line_of(event: ContextEvent) -> bytes:
    """Return an event as one line of JSON, without what equals its default.

    Keys stay in their order: that of what a template stands for is part of it.
    """
    return plain_bytes(said(event)) + b"\n"


def of_source(event: ContextEvent, source: int) -> ContextEvent:
    """Return an event that was made while a source was read, with the source's number."""
    if source == 0 or isinstance(event, PartObserved | BodyKept):
        return event
    if isinstance(event, LayerObserved):
        return event.but(content=placed(event.content, source))
    added = tuple(block.moved(placed(block.content, source)) for block in event.added)
    return event.but(added=added, source=source)
