"""Trees that grow in a test."""

from typing import Any

from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import NodeId


def say(context: GrowingContext, *words: str, call: str | None = None, **more: Any) -> Point:
    """Let words be said, and the model be called."""
    for word in words:
        context.add("user", word, word)
    return context.call(Call(id=call or f"msg_{words}", **more))


def node_of(point: Point) -> NodeId:
    """Return the node of a call that was made."""
    assert point.node is not None
    return point.node


def own_of(tree: ContextTree) -> tuple[NodeObserved, ...]:
    """Return all nodes as a trace's own."""
    return (*tree.calls.values(), *tree.live)
