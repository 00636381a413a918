"""Blocks, nodes and what they are named by."""

from typing import Any

import pytest

from opentraces.domain.context.blocks import block_id, normal
from opentraces.domain.context.events import LayerObserved, NodeObserved
from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.lines import line_of, of_source
from opentraces.domain.context.node_ids import id_of, layer_id
from opentraces.domain.context.templates import at
from opentraces.domain.context.tree import ContextTree

TEXT = {"type": "text", "text": "Fix it."}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fix it.", TEXT),
        ({**TEXT, "cache_control": {"type": "ephemeral"}}, TEXT),
        (
            {"type": "tool_result", "tool_use_id": "t", "content": "ok"},
            {
                "type": "tool_result",
                "tool_use_id": "t",
                "content": [{"type": "text", "text": "ok"}],
            },
        ),
        (
            {"type": "thinking", "thinking": "<REDACTED>", "signature": "s"},
            {"type": "thinking", "thinking": "So…", "signature": "s"},
        ),
    ],
)
def test_one_block_written_in_two_ways_has_one_name(one: Any, other: Any) -> None:
    assert normal(one) == normal(other)
    assert block_id("user", one) == block_id("user", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("user", TEXT), ("assistant", TEXT)),
        (("user", TEXT), ("user", {"type": "text", "text": "Fix it"})),
        (
            ("assistant", {"type": "thinking", "thinking": "a", "signature": ""}),
            ("assistant", {"type": "thinking", "thinking": "b", "signature": ""}),
        ),
        (
            ("user", {"type": "tool_result", "tool_use_id": "a", "content": "ok"}),
            ("user", {"type": "tool_result", "tool_use_id": "b", "content": "ok"}),
        ),
    ],
)
def test_two_blocks_have_two_names(one: tuple[str, Any], other: tuple[str, Any]) -> None:
    assert block_id(*one) != block_id(*other)


def test_the_name_of_a_block_is_for_ever() -> None:
    assert block_id("user", TEXT) == "d49f448a15c1d0fe"


def said(context: GrowingContext, *texts: str, role: str = "user") -> None:
    for text in texts:
        context.add(role, text, at(len(text), 9, f"/{text}"))


def nodes(context: GrowingContext) -> list[NodeObserved]:
    return [event for event in context.take() if isinstance(event, NodeObserved)]


def test_a_call_adds_what_came_since_the_one_before() -> None:
    context = GrowingContext()
    said(context, "one")
    context.call(Call("msg_1"))
    said(context, "two", role="assistant")
    said(context, "three")
    context.call(Call("msg_2"))

    first, second = nodes(context)

    assert (first.branch_type, first.parent, first.call) == ("root", None, "msg_1")
    assert (second.branch_type, second.parent) == ("linear", first.node_id)
    assert [(b.role, b.content["$from"][3]) for b in second.added] == [
        ("assistant", "/two"),
        ("user", "/three"),
    ]
    assert (id_of(first), id_of(second)) == (first.node_id, second.node_id)


def test_going_back_makes_a_branch_that_shares_its_beginning() -> None:
    context = GrowingContext()
    said(context, "one")
    fork = context.call(Call("msg_1"))
    said(context, "left")
    context.call(Call("msg_2"))
    said(context, "never sent")
    context.go_to(fork, "rewind_branch")
    said(context, "instead")
    context.call(Call("msg_3"))

    first, _, third = nodes(context)

    assert (third.branch_type, third.parent) == ("rewind_branch", first.node_id)
    assert [block.content["$from"][3] for block in third.added] == ["/instead"]


def test_a_compaction_keeps_as_much_as_it_says() -> None:
    context = GrowingContext()
    said(context, "one", "two", "three")
    before = context.call(Call("msg_1"))
    context.go_to(before, "compaction_fork", kept=1)
    said(context, "summary")
    after = context.call(Call("msg_2"))
    events = context.take()
    tree = ContextTree.of(events)

    assert after.blocks == 2
    assert after.node is not None
    assert [b.content["$from"][3] for b in tree.blocks(after.node)] == ["/one", "/summary"]


def test_a_layer_is_written_once_and_named_by_every_node() -> None:
    context = GrowingContext()
    for call, model in (("msg_1", "a"), ("msg_2", "a"), ("msg_3", "b")):
        said(context, call)
        context.layer("runtime_state", {"model": model}, {"model": model}, "approximated")
        context.call(Call(call))
    events = context.take()
    layers = [event for event in events if isinstance(event, LayerObserved)]
    made = [event for event in events if isinstance(event, NodeObserved)]

    assert [layer.content for layer in layers] == [{"model": "a"}, {"model": "b"}]
    names = [layer.layer_id for layer in layers]
    assert [node.runtime_state for node in made] == [names[0], names[0], names[1]]
    assert made[0].completeness == {"runtime_state": "approximated", "messages": "approximated"}
    assert (
        names[0] == layer_id("runtime_state", {"model": "a"}) != layer_id("system", {"model": "a"})
    )


def test_a_forgotten_layer_is_not_known_any_more() -> None:
    context = GrowingContext()
    context.layer("system", "Be brief.", "Be brief.", "full")
    context.forget("system")
    context.call(Call("msg_1"))

    [node] = nodes(context)

    assert (node.system, node.completeness) == (None, {"messages": "approximated"})


def test_what_was_saved_goes_on_as_if_it_had_not_been() -> None:
    def run(*, cut: int) -> list[bytes]:
        context, lines = GrowingContext(), list[bytes]()
        point = Point()
        for number in range(12):
            if number == cut:
                lines += [line_of(event) for event in context.take()]
                context = GrowingContext.restored(context.saved())
            said(context, f"text {number}")
            context.layer("runtime_state", {"n": number // 5}, {"n": number // 5}, "full")
            if number == 7:
                context.go_to(point, "rewind_branch", kept=1)
                said(context, "again")
            if number % 3 == 0:
                point = context.call(Call(f"msg_{number}"))
        return lines + [line_of(event) for event in context.take()]

    whole = run(cut=-1)

    assert len(whole) > 4
    assert all(run(cut=cut) == whole for cut in range(12))


def test_the_name_of_a_node_is_not_that_of_its_source() -> None:
    context = GrowingContext()
    said(context, "one")
    context.call(Call("msg_1"))
    [node] = nodes(context)

    placed = of_source(node, 3)

    assert isinstance(placed, NodeObserved)
    assert (placed.source, placed.node_id, id_of(placed)) == (3, node.node_id, node.node_id)
    assert placed.added[0].content["$from"][0] == 3


@pytest.mark.parametrize(
    "change", [{"kept": 0}, {"system": "0" * 16}, {"parent": "sha256:" + "1" * 64}]
)
def test_a_node_that_was_changed_has_another_name(change: dict[str, Any]) -> None:
    context = GrowingContext()
    said(context, "one")
    context.call(Call("msg_1"))
    [node] = nodes(context)

    assert id_of(node.but(**change)) != node.node_id


@pytest.mark.parametrize("depth", [300, 900, 5000])
def test_what_is_nested_too_deep_has_a_name_all_the_same(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    context = GrowingContext()

    block = context.add("user", {"type": "odd", "value": value}, at(0, 9, ""))

    assert len(block.id) == 16
    assert block.id == block_id("user", {"type": "odd", "value": value})
