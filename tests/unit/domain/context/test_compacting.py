"""Compactions, with both sides."""

from collections.abc import Sequence
from typing import Any

import pytest

from opentraces.domain.context.compacting import Compacted, compacted, summary_in
from opentraces.domain.context.growing import GrowingContext
from opentraces.domain.context.seen import Seen
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import KeptSource
from opentraces.domain.facts import Compaction, SourceFacts
from opentraces.domain.ids import StepKey
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import SourceKind
from opentraces.domain.step import Step
from tests.unit.domain.context.growing_trees import own_of, say


def kept(index: int) -> KeptStep:
    step = Step(step_index=index, role="system")
    return KeptStep(source=0, ordinal=index - 1, key=StepKey("0" * 16), step=step)


def source(*boundaries: int) -> KeptSource:
    told = tuple(Compaction(ordinal=index - 1) for index in boundaries)
    facts = SourceFacts(compactions=told)
    return KeptSource(kind=SourceKind.TRANSCRIPT, name="a", location="/a", size=1, facts=facts)


def compactions(steps: dict[int, str], *boundaries: int, fork: bool = True) -> list[Compacted]:
    """Let b begin with a summary, at the steps given."""
    context = GrowingContext()
    point = say(context, "one", "two", call="a")
    if fork:
        context.go_to(point, "compaction_fork", 0)
    say(context, "two", "the summary", call="b")
    tree = ContextTree.of(context.take())
    seen = Seen(tree, {step: tree.calls[0, call] for step, call in steps.items()}, own_of(tree))
    return compacted(seen, [kept(n) for n in range(1, 9)], [source(*boundaries)])


def sides(each: Compacted) -> tuple[int | None, int | None, int | None]:
    return each.last, each.boundary, each.first


def test_a_compaction_has_both_sides_and_what_came_in() -> None:
    (found,) = compactions({2: "a", 5: "b"}, 3)

    assert sides(found) == (2, 3, 5)
    assert found.said == Compaction(ordinal=2)
    assert found.before is not None
    assert found.after is not None
    assert (found.before.blocks, found.after.blocks) == (2, 2)
    assert [block.content for block in found.entered] == ["the summary"]


def test_a_compaction_that_nobody_wrote_down_is_seen_all_the_same() -> None:
    assert [sides(each) for each in compactions({2: "a", 5: "b"})] == [(2, None, 5)]


def test_a_compaction_that_nothing_followed_has_one_side() -> None:
    found = compactions({2: "a", 5: "b"}, 3, 7)

    assert [sides(each) for each in found] == [(2, 3, 5), (5, 7, None)]
    assert (found[1].after, found[1].node, found[1].entered) == (None, None, ())


def test_a_boundary_without_a_fork_is_told_with_the_calls_around_it() -> None:
    assert [sides(each) for each in compactions({2: "a", 5: "b"}, 3, fork=False)] == [(2, 3, 5)]


REMINDER = "<system-reminder>\nread this\n</system-reminder>"


@pytest.mark.parametrize(
    ("entered", "told", "summary"),
    [
        ([], [], None),
        ([], ["of the step"], "of the step"),
        ([("user", REMINDER), ("user", "sum"), ("user", "typed")], [], "sum"),
        ([("user", "typed"), ("user", "Here: sum up")], ["sum up"], "Here: sum up"),
        ([("user", "typed")], ["of another"], "typed"),
        ([("assistant", "said"), ("developer", "sum")], [], "sum"),
        ([("assistant", {"type": "compaction", "encrypted_content": "x"})], [], None),
        ([("user", {"type": "tool_result", "content": "out"})], ["out"], "out"),
    ],
)
def test_the_summary_is_found(
    entered: list[tuple[str, Any]], told: Sequence[str], summary: str | None
) -> None:
    assert summary_in(entered, told) == summary
