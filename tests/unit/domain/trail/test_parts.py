"""What is credited, added up by session; and what became of a patch, in one word."""

from dataclasses import replace
from typing import Any

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.events import SurvivalObserved
from opentraces.domain.trail.fate import Fate, fate_of
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit
from opentraces.domain.trail.parts import parts_of
from opentraces.domain.trail.survival import State

COMMIT = CommitId("c" * 40)


CREDIT = NotedCredit(
    commit=COMMIT,
    path="a.py",
    first=1,
    last=1,
    trace=TraceId("t"),
    step_index=1,
    call=None,
    patch="p",
    tier="exact_range_hash",
)


def credit(trace: str, first: int, last: int, **more: Any) -> NotedCredit:
    return replace(CREDIT, trace=TraceId(trace), first=first, last=last, **more)


def survival(state: State) -> SurvivalObserved:
    return SurvivalObserved(patch_id="p", repository="r", head="h", kept=0, written=1, state=state)


def test_lines_files_steps_and_ties_of_a_session_are_added_up() -> None:
    found = parts_of(
        [
            credit("t", 1, 4, step_index=9),
            credit("t", 7, 7, step_index=3, tier="patch_id"),
            credit("t", 1, 1, step_index=3, path="b.py"),
        ]
    )

    (part,) = found[COMMIT]
    assert (part.lines, part.paths, part.steps) == (6, ("a.py", "b.py"), (3, 9))
    assert list(part.tiers.items()) == [("exact_range_hash", 5), ("patch_id", 1)]


def test_a_line_counts_once_for_a_session() -> None:
    found = parts_of([credit("t", 1, 4), credit("t", 3, 5)])

    assert found[COMMIT][0].lines == 5
    assert sum(found[COMMIT][0].tiers.values()) == 5


def test_who_wrote_most_comes_first_in_each_commit() -> None:
    other = CommitId("d" * 40)

    found = parts_of(
        [credit("t", 1, 2), credit("u", 3, 9), credit("s", 10, 11), credit("t", 1, 1, commit=other)]
    )

    assert [part.trace for part in found[COMMIT]] == ["u", "s", "t"]
    assert [part.trace for part in found[other]] == ["t"]


@pytest.mark.parametrize(
    ("states", "is_anchored", "fate"),
    [
        ((), False, "pending"),
        (("lost",), False, "pending"),
        ((), True, "anchored"),
        (("alive",), True, "anchored"),
        (("partial",), True, "anchored"),
        (("reverted",), True, "reverted"),
        (("lost",), True, "lost"),
        (("reverted", "lost"), True, "lost"),
        (("lost", "partial"), True, "anchored"),
    ],
)
def test_a_patch_has_one_fate(states: tuple[State, ...], is_anchored: bool, fate: Fate) -> None:
    assert fate_of([survival(each) for each in states], is_anchored=is_anchored) == fate
