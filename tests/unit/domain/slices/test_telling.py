"""A step of a slice tells what a reader needs: what was called, with what, and what came back."""

from typing import Any

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.doings import doings_of
from opentraces.domain.slices.limits import Limits
from opentraces.domain.slices.telling import told
from opentraces.domain.step import Observation, Step, ToolCall


def step(*calls: tuple[str, dict[str, Any]], number: int = 7, **seen: Any) -> Passed:
    made = Step(
        step_index=number,
        role="agent",
        tool_calls=tuple(
            ToolCall(tool_call_id=f"c{n}", tool_name=name, input=given)
            for n, (name, given) in enumerate(calls)
        ),
        observations=tuple(seen.get("observations", ())),
    )
    return Passed(number, "agent", "", doings_of(made))


def came(content: str | None, error: str | None = None, call: str = "c0") -> Observation:
    return Observation(source_call_id=call, content=content, error=error)


def test_a_call_is_shown_with_the_names_of_its_tool_and_of_what_it_was_given() -> None:
    given = {"pattern": "def f", "path": "src", "flags": {"i": True}, "limit": 3, "none": None}

    lines = told(step(("Grep", given), observations=[came("src/a.py:1")]), {}, Limits())

    assert lines[1:-1] == [
        "→ Grep",
        "pattern: def f",
        "path: src",
        'flags: {"i":true}',
        "limit: 3",
        "none: null",
        "← src/a.py:1",
    ]


def test_an_edit_that_made_no_patch_tells_the_old_text_from_the_new() -> None:
    given = {"file_path": "a.py", "old_string": "a\nb", "new_string": "a\nc"}
    seen = came(None, "String to replace not found")

    lines = told(step(("Edit", given), observations=[seen]), {}, Limits())

    assert lines[1:-1] == [
        "→ Edit",
        "file_path: a.py",
        "old_string: a",
        "b",
        "new_string: a",
        "c",
        "← failed: String to replace not found",
    ]


def test_a_call_whose_result_never_came_says_so() -> None:
    killed = came(None, "no_result", "c1")

    lines = told(
        step(("Bash", {"command": "make"}), ("Bash", {"command": "ls"}), observations=[killed]),
        {},
        Limits(),
    )

    assert lines[1:-1] == ["$ make", "← no result came", "$ ls", "← no result came"]


def test_all_that_came_back_from_a_call_is_shown() -> None:
    seen = [came("half of it"), came("aborted by user after 3 s", "aborted")]

    lines = told(step(("exec_command", {"cmd": "make"}), observations=seen), {}, Limits())

    assert lines[1:-1] == ["$ make", "← half of it", "← failed: aborted by user after 3 s"]


def test_a_call_that_failed_without_a_word_is_told_why() -> None:
    lines = told(
        step(("Bash", {"command": "x"}), observations=[came(None, "denied")]), {}, Limits()
    )

    assert lines[1:-1] == ["$ x", "← failed: denied"]
