"""A tree as rows."""

from collections.abc import Mapping

from opentraces.domain.context.drawing import drawn
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.growing import GrowingContext, Point
from opentraces.domain.context.lines import of_source
from opentraces.domain.context.seen import Seen
from opentraces.domain.context.sizes import extents
from opentraces.domain.context.standing import standing
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.subagents import Helper
from tests.unit.domain.context.growing_trees import own_of, say

_NOBODY: Mapping[int, Helper] = {}
Shown = list[tuple[int, str, list[str]]]


def seen(events: list[ContextEvent], steps: Mapping[int, tuple[int, str]]) -> Seen:
    tree = ContextTree.of(events)
    return Seen(tree, {step: tree.calls[call] for step, call in steps.items()}, own_of(tree))


def rows(found: Seen, helpers: Mapping[int, Helper] = _NOBODY) -> Shown:
    return [
        (row.depth, row.nodes[0].branch_type, [node.call or "-" for node in row.nodes])
        for row in drawn(standing(found), extents(found.tree), helpers)
    ]


def test_calls_that_follow_straight_on_are_one_row() -> None:
    context = GrowingContext()
    for letter in "abc":
        say(context, letter, call=letter)
    found = seen(context.take(), {2: (0, "a"), 4: (0, "b"), 6: (0, "c")})

    (row,) = drawn(standing(found), extents(found.tree), {})

    assert [node.call for node in row.nodes] == ["a", "b", "c"]
    assert (row.steps, row.extent.blocks, row.is_root) == ((2, 4, 6), 3, True)


def test_what_was_left_stands_further_in_and_what_was_gone_on_with_does_not() -> None:
    context = GrowingContext()
    say(context, "a", call="a")
    fork = say(context, "b", call="b")
    say(context, "c", call="left")
    context.go_to(fork, "rewind_branch")
    say(context, "d", call="d")
    say(context, "e", call="e")
    steps = {n: (0, call) for n, call in enumerate(("a", "b", "left", "d", "e"), 1)}

    assert rows(seen(context.take(), steps)) == [
        (0, "root", ["a", "b"]),
        (1, "linear", ["left"]),
        (0, "rewind_branch", ["d", "e"]),
    ]


def test_a_compaction_goes_on_no_further_in() -> None:
    context = GrowingContext()
    for number in range(3):
        point = say(context, f"{number}", call=f"{number}")
        context.go_to(point, "compaction_fork", 0)

    assert [depth for depth, _, _ in rows(seen(context.take(), {}))] == [0, 0, 0]


def test_a_sub_agent_hangs_on_the_step_that_started_it() -> None:
    context, other = GrowingContext(), GrowingContext()
    for letter in "abc":
        say(context, letter, call=letter)
    other.go_to(Point(), "subagent_fork")
    say(other, "x", call="x")
    say(other, "y", call="y")
    events = [*context.take(), *(of_source(event, 1) for event in other.take())]
    steps = {1: (0, "a"), 2: (0, "b"), 3: (1, "x"), 4: (1, "y"), 5: (0, "c")}
    helper = Helper("agent", "reviewer", None, "call", parent_step=2)

    found = seen(events, steps)

    assert rows(found, {1: helper}) == [
        (0, "root", ["a", "b"]),
        (1, "subagent_fork", ["x", "y"]),
        (0, "linear", ["c"]),
    ]
    assert [r.helper for r in drawn(standing(found), extents(found.tree), {1: helper})] == [
        None,
        helper,
        None,
    ]


def test_a_sub_agent_that_nobody_is_known_to_have_started_stands_alone() -> None:
    context, other = GrowingContext(), GrowingContext()
    say(context, "a", call="a")
    say(other, "x", call="x")
    events = [*context.take(), *(of_source(event, 1) for event in other.take())]
    helper = Helper("agent", None, None, None, parent_step=None)

    assert rows(seen(events, {1: (0, "a"), 2: (1, "x")}), {1: helper}) == [
        (0, "root", ["a"]),
        (0, "root", ["x"]),
    ]


def test_a_call_that_is_no_step_stands_beside_the_steps() -> None:
    context = GrowingContext()
    fork = say(context, "a", call="a")
    say(context, "b", call="try", purpose="retry")
    context.go_to(fork, "linear")
    say(context, "c", call="b")

    assert rows(seen(context.take(), {1: (0, "a"), 2: (0, "b")})) == [
        (0, "root", ["a"]),
        (1, "linear", ["try"]),
        (0, "linear", ["b"]),
    ]


def test_a_summary_that_is_a_step_is_gone_on_with() -> None:
    context = GrowingContext()
    say(context, "a", call="a")
    point = say(context, "sum up", call="sum", purpose="compaction")
    context.go_to(point, "compaction_fork", 0)
    say(context, "summary", call="b")
    steps = {1: (0, "a"), 2: (0, "sum"), 3: (0, "b")}

    assert rows(seen(context.take(), steps)) == [
        (0, "root", ["a"]),
        (0, "linear", ["sum"]),
        (0, "compaction_fork", ["b"]),
    ]


def test_what_was_told_of_a_call_first_is_not_drawn() -> None:
    context = GrowingContext()
    say(context, "a", call="a")
    context.go_to(Point(), "root")
    say(context, "a", "more", call="a")

    found = seen(context.take(), {1: (0, "a")})

    assert len(found.tree.nodes) == 2
    assert [len(node.added) for node in standing(found).nodes.values()] == [2]


def test_a_thousand_forks_are_drawn() -> None:
    context = GrowingContext()
    for number in range(1000):
        fork = say(context, f"{number}", call=f"{number}")
        say(context, "left", call=f"left {number}")
        context.go_to(fork, "rewind_branch")

    found = rows(seen(context.take(), {}))

    assert len(found) == 1999
    assert max(depth for depth, _, _ in found) == 1


def test_the_request_that_was_kept_stands_in_the_place_of_what_was_put_together() -> None:
    context = GrowingContext()
    say(context, "a", call="a")
    say(context, "b", call="b")
    events = context.take()
    other = GrowingContext()
    say(other, "A", call=None, capture_method="live_capture", requests=("1",))
    say(other, "B", call=None, capture_method="live_capture", requests=("2",))
    tree = ContextTree.of([*events, *other.take()])
    one, two = (node.but(call=call) for node, call in zip(tree.live, "ab", strict=True))
    found = standing(Seen(tree, {1: one, 2: two}, (one, two)))

    assert [node.capture_method for node in found.nodes.values()] == ["live_capture"] * 2
    assert found.steps == {one.node_id: (1,), two.node_id: (2,)}
