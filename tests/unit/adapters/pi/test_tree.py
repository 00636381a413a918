"""The tree of a session: which of its steps are on the active branch."""

import pytest

from opentraces.domain.branching import ContextEdit, Label, Offshoot, Transition
from tests.unit.adapters.pi.lines import answer, entry, facts, header, parsed, result, typed

TRUNK = (header(), typed("u1", None, "one"), answer("a1", "u1", "first"))
"""Two steps, 0 and 1."""

A = (typed("u2", "a1", "go left"), answer("a2", "u2", "left"))
B = (typed("u3", "a1", "go right"), answer("a3", "u3", "right"))


def inactive(*lines: bytes) -> list[tuple[int, int, int | None]]:
    return [(each.first, each.last, each.fork) for each in facts(*lines).branching.inactive]


def transitions(*lines: bytes) -> tuple[Transition, ...]:
    return facts(*lines).branching.transitions


def test_without_going_back_everything_is_active() -> None:
    assert facts(*TRUNK, *A).branching.told() == {}


def test_the_active_branch_ends_with_the_last_line() -> None:
    assert inactive(*TRUNK, *A, *B) == [(2, 3, 1)]
    assert transitions(*TRUNK, *A, *B) == (Transition(first=4, fork=1, fork_id="a1"),)


def test_going_back_to_a_branch_makes_it_active_again() -> None:
    back = typed("u4", "a2", "on the left again")

    assert inactive(*TRUNK, *A, *B, back) == [(4, 5, 1)]
    assert inactive(*TRUNK, *A, *B, back, typed("u5", "a1", "third")) == [
        (2, 3, 1),
        (4, 5, 1),
        (6, 6, 3),
    ]


def test_a_line_that_is_no_step_moves_the_leaf_too() -> None:
    label = entry("label", "l1", "u1", targetId="a2", label="here")

    assert inactive(*TRUNK, *A, label) == [(1, 3, 0)]
    assert transitions(*TRUNK, *A, label) == (Transition(first=None, fork=0, fork_id="u1"),)
    assert inactive(*TRUNK, *A, label, typed("u3", "l1", "next")) == [(1, 3, 0)]


def test_a_type_that_is_not_known_has_its_place() -> None:
    alien = entry("hologram", "h1", "a1", said=1)
    found = facts(*TRUNK, *A, alien, typed("u3", "h1", "next"))

    assert (found.lines.unknown, found.unknown_types) == (1, {"hologram": 1})
    assert [(each.first, each.last) for each in found.branching.inactive] == [(2, 3)]
    assert found.branching.transitions == (Transition(first=4, fork=1, fork_id="a1"),)


def test_a_second_root_leaves_everything_before_it() -> None:
    assert inactive(*TRUNK, typed("u2", None, "anew")) == [(0, 1, None)]
    assert transitions(*TRUNK, typed("u2", None, "anew")) == (Transition(first=2),)


def test_a_parent_that_is_not_there_ends_the_way() -> None:
    assert inactive(*TRUNK, typed("u2", "gone", "lost")) == [(0, 1, None)]
    assert transitions(*TRUNK, typed("u2", "gone", "lost")) == (
        Transition(first=2, fork_id="gone"),
    )


def test_circles_end() -> None:
    own = typed("u1", "u1", "I am my parent")
    ring = (typed("u1", "u2", "one"), typed("u2", "u1", "two"))

    assert inactive(header(), own, typed("u2", "u1", "next")) == []
    assert inactive(header(), *ring) == []
    assert inactive(header(), *ring, typed("u3", None, "out of it")) == [(0, 1, None)]


def test_files_without_ids_are_one_line() -> None:
    old = (typed(None, None, "one"), answer(None, None, "first"), typed(None, None, "two"))
    found = facts(header(version=1), *old)

    assert found.branching.told() == {}
    assert (found.prompts, found.responses) == (2, 1)


def test_an_entry_that_stands_twice_is_one() -> None:
    found = parsed(*TRUNK, *A, TRUNK[2], typed("u3", "a1", "on"))

    assert len(found.steps) == 5
    assert found.source.facts.native["repeated_lines"] == 1
    assert found.source.facts.branching.inactive == (Offshoot(first=2, last=3, fork=1),)


def test_a_result_belongs_to_the_step_that_called() -> None:
    lines = (header(), typed("u1", None, "one"), answer("a1", "u1", "", "c1"))
    found = (*lines, result("t1", "a1", "c1"), typed("u2", "t1", "x"), typed("u3", "t1", "y"))

    assert inactive(*found) == [(2, 2, 1)]
    assert transitions(*found) == (Transition(first=3, fork=1, fork_id="t1"),)


@pytest.mark.parametrize(
    ("left", "step"), [("a1", None), ("root", None), ("", None), (None, None), ("a2", 3)]
)
def test_where_a_branch_was_left_is_said_by_later_releases_only(
    left: str | None, step: int | None
) -> None:
    said = entry("branch_summary", "b1", "a1", fromId=left, summary="went left")
    (turn,) = transitions(*TRUNK, *A, said)

    assert (turn.left, turn.is_summed_up, turn.first, turn.fork) == (step, True, 4, 1)
    assert (turn.left_id is None) == (step is None)


def test_labels_are_those_given_last() -> None:
    lines = (
        entry("label", "l1", "a1", targetId="u1", label="old"),
        entry("label", "l2", "l1", targetId="a1", label="gone"),
        entry("label", "l3", "l2", targetId="u1", label="new"),
        entry("label", "l4", "l3", targetId="a1"),
        entry("label", "l5", "l4", targetId="nowhere", label="lost"),
    )

    assert facts(*TRUNK, *lines).branching.labels == (Label(ordinal=0, label="new"),)


def test_what_the_model_is_shown_otherwise_is_known() -> None:
    lines = (
        entry("context_edit", "e1", "a1", targetId="a1", replacement=None),
        entry("context_edit", "e2", "e1", targetId="u1", replacement={"content": "less"}),
    )

    assert facts(*TRUNK, *lines).branching.context_edits == (
        ContextEdit(ordinal=1, is_dropped=True),
        ContextEdit(ordinal=0, is_dropped=False),
    )


def test_numbers_never_change_when_a_branch_is_left() -> None:
    before, after = parsed(*TRUNK, *A), parsed(*TRUNK, *A, *B)

    assert after.steps[: len(before.steps)] == before.steps
