"""How much the model saw at each node."""

from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.sizes import NOTHING, Extent, extents
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import NodeId
from tests.unit.domain.context.growing_trees import node_of, say


def test_a_node_holds_what_its_parents_hold() -> None:
    context = GrowingContext()
    first = say(context, "a")
    second = say(context, "b", "c")

    found = extents(ContextTree.of(context.take()))

    assert found[node_of(second)].blocks == 3
    assert found[node_of(second)].bytes == 3 * found[node_of(first)].bytes


def test_what_is_left_of_a_parent_is_counted() -> None:
    context = GrowingContext()
    say(context, "a")
    say(context, "bb", "ccc")
    point = say(context, "dddd")
    context.go_to(point, "rewind_branch", kept=2)
    fork = say(context, "eeeee")

    tree = ContextTree.of(context.take())
    found = extents(tree)

    blocks = tree.blocks(node_of(fork))
    assert [block.content for block in blocks] == ["a", "bb", "eeeee"]
    assert found[node_of(fork)] == Extent(3, sum(block.size for block in blocks))


def test_more_than_there_was_cannot_be_left() -> None:
    context = GrowingContext()
    point = say(context, "a")
    context.go_to(point, "rewind_branch", kept=9)
    fork = say(context, "b")

    assert extents(ContextTree.of(context.take()))[node_of(fork)].blocks == 2


def test_a_parent_that_is_not_there_holds_nothing() -> None:
    context = GrowingContext(point=Point(NodeId("sha256:gone"), 7))
    context.call(Call(id="m"))
    (node,) = context.take()
    assert node.event == "node"

    assert extents(ContextTree.of([node])) == {node.node_id: NOTHING}


def test_nodes_that_go_round_are_no_trap() -> None:
    context = GrowingContext()
    say(context, "a")
    say(context, "b")
    one, two = context.take()
    assert one.event == two.event == "node"
    events = [one.but(parent=two.node_id), two]

    assert set(extents(ContextTree.of(events))) == {one.node_id, two.node_id}
