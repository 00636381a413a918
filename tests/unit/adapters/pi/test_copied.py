"""Forks: what is their parent's is no step of theirs, and costs nothing there."""

from opentraces.domain.ids import SessionId, trace_id
from tests.unit.adapters.pi.lines import (
    BEFORE,
    FILE,
    PARENT,
    answer,
    entry,
    facts,
    header,
    parsed,
    told,
    typed,
    usage,
)

COPIES = (
    entry("thinking_level_change", "t1", None, thinkingLevel="high", timestamp=BEFORE),
    typed("u1", "t1", "of the parent", stamp=BEFORE),
    answer("a1", "u1", "of the parent", usage=usage(100, 10, cost=0.5), stamp=BEFORE),
    entry("compaction", "c1", "a1", summary="s", usage=usage(9, 9), timestamp=BEFORE),
)
OWN = (typed("u2", "c1", "mine"), answer("a2", "u2", "yours", usage=usage(7, 3)))
FORK = (header(parentSession=FILE), *COPIES, *OWN)


def test_copied_lines_are_no_steps() -> None:
    assert told(*FORK) == [("user", "mine"), ("agent", "yours")]


def test_copied_lines_are_recognised_and_cost_nothing() -> None:
    found = facts(*FORK)

    assert (found.lines.recognised, found.native["copied_lines"]) == (7, 4)
    assert (found.responses, found.expenses, found.compactions) == (1, (), ())


def test_a_fork_names_its_parent_and_where_it_goes_on() -> None:
    native = facts(*FORK).native

    assert native["parent_session_id"] == PARENT
    assert native["parent_trace_id"] == trace_id("pi", SessionId(PARENT))
    assert (native["parent_file"], native["forked_at"]) == (FILE, "c1")


def test_what_holds_on_from_the_parent_is_known() -> None:
    assert parsed(*FORK).steps[1].native["thinking_level"] == "high"


def test_a_fork_began_when_it_was_made() -> None:
    assert facts(*FORK).started == "2026-11-23T05:00:00.000Z"


def test_a_clock_that_is_set_back_makes_no_copies() -> None:
    late = typed("u3", "a2", "back in time", stamp=BEFORE)

    assert told(*FORK, late)[-1] == ("user", "back in time")


def test_branches_of_the_parent_are_its_own() -> None:
    aside = typed("x1", "u1", "left by the parent", stamp=BEFORE)
    back = typed("x2", "a1", "gone back to", stamp=BEFORE)
    found = facts(header(parentSession=FILE), *COPIES, aside, back, typed("u2", "x2", "mine"))

    assert found.branching.told() == {}


def test_a_fork_may_go_back_to_what_was_copied() -> None:
    found = facts(*FORK, typed("u3", "a1", "from earlier"))

    assert [(each.first, each.last, each.fork) for each in found.branching.inactive] == [
        (0, 1, None)
    ]
    assert found.branching.transitions[0].fork_id == "a1"


def test_a_session_without_a_parent_has_no_copies() -> None:
    assert len(told(header(), *COPIES, *OWN)) == 5


def test_a_child_that_copied_nothing_has_all_its_lines() -> None:
    own = (typed("u1", None, "mine"), answer("a1", "u1", "yours"))
    native = facts(header(parentSession=FILE), *own).native

    assert "copied_lines" not in native
    assert native["parent_session_id"] == PARENT


def test_a_parent_of_another_name_has_no_trace() -> None:
    native = facts(header(parentSession="C:\\\\a\\\\b.jsonl"), *OWN).native

    assert "parent_trace_id" not in native
    assert str(native["parent_file"]).endswith("b.jsonl")


def test_a_windows_path_names_its_file() -> None:
    native = facts(header(parentSession=FILE.replace("/", "\\")), *OWN).native

    assert native["parent_session_id"] == PARENT


def test_where_no_time_is_known_the_ledger_must_tell() -> None:
    found = parsed(header(parentSession=FILE, timestamp=None), *COPIES, *OWN)
    parent = parsed(header(id=PARENT, timestamp=BEFORE), *COPIES)

    assert found.source.facts.limitations[0] == "copied_history_untold"
    assert {step.key for step in parent.steps} <= {step.key for step in found.steps}
