"""What is told of a session, each thing with its step."""

from typing import Any

import pytest

from opentraces.domain.handover.items import Change, Done, Item, Section, items_of
from opentraces.domain.step import Observation, Step, ToolCall

ROOTS = ("/w",)


def typed(index: int, text: str) -> Step:
    return Step(step_index=index, role="user", content=text)


def said(index: int, text: str | None, *calls: tuple[str, dict[str, Any], str | None]) -> Step:
    """Return an answer; a call is a tool, what it is given, and its error."""
    made = [(f"{index}-{at}", *each) for at, each in enumerate(calls)]
    return Step(
        step_index=index,
        role="agent",
        content=text,
        tool_calls=tuple(
            ToolCall(tool_call_id=name, tool_name=tool, input=given)
            for name, tool, given, _ in made
        ),
        observations=tuple(
            Observation(source_call_id=name, content=None if error else "fine", error=error)
            for name, _, _, error in made
        ),
    )


def told(section: Section, *steps: Step, changes: tuple[Change, ...] = ()) -> list[tuple[Any, ...]]:
    found = [
        item for item in items_of(Done(steps, (), changes, ROOTS), 1000) if item.section == section
    ]
    return [(item.step, item.text, item.note) for item in found]


PROMPTS = (
    typed(1, "one"),
    said(2, "a"),
    said(3, "b"),
    typed(4, "two"),
    said(5, None),
    typed(6, "x"),
)


def test_the_first_prompt_stands_alone_and_later_ones_newest_first() -> None:
    assert told("first", *PROMPTS) == [(1, "one", "")]
    assert told("asked", *PROMPTS) == [(6, "x", ""), (4, "two", "")]


def test_the_last_words_before_each_prompt_are_told() -> None:
    assert told("said", *PROMPTS) == [(3, "b", "")]
    assert told("said", typed(1, "p"), said(2, "a"), typed(3, "q"), said(4, "b")) == [
        (4, "b", ""),
        (2, "a", ""),
    ]


def test_what_is_no_prompt_of_a_person_is_not_asked() -> None:
    system = Step(step_index=2, role="system", content="injected")

    assert told("asked", typed(1, "one"), system, typed(3, "  ")) == []


def test_a_prompt_without_an_answer_is_open() -> None:
    assert told("next", *PROMPTS) == [(6, "x", "this prompt was never answered")]
    assert told("next", *PROMPTS[:-1]) == []


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        (
            "TodoWrite",
            {
                "todos": [
                    {"content": "done", "status": "completed"},
                    {"content": "now", "status": "in_progress"},
                    {"content": "later", "status": "pending"},
                    "odd",
                    {"status": "pending"},
                ]
            },
        ),
        (
            "update_plan",
            {
                "plan": [
                    {"step": "done", "status": "completed"},
                    {"step": "now", "status": "in_progress"},
                    {"step": "later", "status": "pending"},
                ]
            },
        ),
    ],
)
def test_what_is_left_of_the_last_plan_is_open(tool: str, given: dict[str, Any]) -> None:
    old = {"todos": [{"content": "old", "status": "pending"}]}
    steps = (said(1, None, ("TodoWrite", old, None)), said(2, None, (tool, given, None)))

    assert told("next", *steps) == [(2, "now", "begun"), (2, "later", "planned")]


def test_a_plan_that_is_no_list_says_nothing() -> None:
    assert told("next", said(1, None, ("TodoWrite", {"todos": "all"}, None))) == []


def test_an_error_is_open_until_the_same_call_succeeds() -> None:
    check, lint = {"command": "make check"}, {"command": "make lint"}
    steps = (
        said(1, None, ("Bash", check, "exit 1"), ("Bash", lint, "exit 2")),
        said(2, None, ("Bash", check, None)),
        said(3, None, ("Bash", lint, "exit 3")),
        said(4, None, ("Read", {"file_path": "x"}, "no_result")),
    )

    assert told("errors", *steps) == [
        (4, "Read x", "this call was never answered"),
        (3, "Bash make lint\nexit 3", "this call failed"),
    ]


def test_files_are_told_by_their_changes_and_commits_by_their_files() -> None:
    changes = (Change("a.py", 2, "c0ffee"), Change("b.py", 3), Change("a.py", 4, "c0ffee"))

    assert told("changed", changes=changes) == [
        (4, "a.py", "2 changes"),
        (3, "b.py", "1 change, 1 in no commit that is known"),
    ]
    assert told("commits", changes=changes) == [(4, "c0ffee: a.py", "")]


def test_files_that_were_read_and_not_changed_are_told() -> None:
    steps = (
        said(1, None, ("Read", {"file_path": "/w/a.py"}, None), ("Read", {"path": "/b"}, None)),
        said(2, None, ("Read", {"path": "/b"}, None), ("Bash", {"path": "/w/c.py"}, None)),
        said(3, None, ("Read", {"file_path": "/w/d.py"}, None)),
    )
    changes = (Change("a.py", 2),)

    assert told("read", *steps, changes=changes) == [
        (3, "d.py", ""),
        (2, "/b", "read 2 times"),
    ]


def test_a_long_text_is_told_by_its_head() -> None:
    (item,) = items_of(Done([typed(1, "ab" * 100), said(2, None)]), 5)

    assert item == Item("first", 1, "ababa", is_cut=True)


def test_the_agents_own_summaries_are_told() -> None:
    steps = [Step(step_index=n, role="system", content=f"sum {n}") for n in (1, 2, 3)]

    assert items_of(Done(steps, {1, 3}), 1000) == [
        Item("summary", 3, "sum 3"),
        Item("summary", 1, "sum 1"),
    ]
