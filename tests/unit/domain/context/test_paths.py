import pytest

from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import NodeId

CALL = Call(id="a")


def told(context: GrowingContext, *words: str) -> Point:
    """Let words be said, and the model be called."""
    for word in words:
        context.add("user", word, word)
    return context.call(CALL)


def nodes_of(context: GrowingContext) -> dict[NodeId, NodeObserved]:
    """Take every node that was made."""
    made = context.take()
    return {each.node_id: each for each in made if isinstance(each, NodeObserved)}


def words(nodes: dict[NodeId, NodeObserved], point: Point) -> list[str]:
    """Return what was said up to a node."""
    assert point.node is not None
    return [block.content for block in blocks_at(nodes, point.node)]


def test_a_node_shows_what_its_parents_saw_and_its_own() -> None:
    context = GrowingContext()
    told(context, "one", "two")
    last = told(context, "three")

    assert words(nodes_of(context), last) == ["one", "two", "three"]


def test_of_a_parent_as_many_blocks_stay_as_are_kept() -> None:
    context = GrowingContext()
    first = told(context, "one", "two")
    context.go_to(first, "rewind_branch", kept=1)
    last = told(context, "other")

    assert words(nodes_of(context), last) == ["one", "other"]


def test_keeping_none_leaves_none() -> None:
    context = GrowingContext()
    first = told(context, "one", "two")
    context.go_to(first, "compaction_fork", kept=0)
    last = told(context, "summary")

    assert words(nodes_of(context), last) == ["summary"]


def test_a_parent_that_is_not_there_is_damage() -> None:
    context = GrowingContext()
    told(context, "one")
    context.take()
    last = told(context, "two")

    with pytest.raises(Corrupt):
        words(nodes_of(context), last)


def test_parents_that_go_round_are_damage() -> None:
    one, other = NodeId("sha256:1"), NodeId("sha256:2")
    nodes = {
        one: NodeObserved(node_id=one, parent=other),
        other: NodeObserved(node_id=other, parent=one),
    }

    with pytest.raises(Corrupt):
        blocks_at(nodes, one)
