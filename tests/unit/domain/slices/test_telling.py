"""A step of a slice tells what a reader needs: what was called, with what, and what came back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.doings import doings_of
from opentraces.domain.slices.limits import Limits
from opentraces.domain.slices.telling import told
from opentraces.domain.step import Observation, Step, ToolCall

LIMIT = st.one_of(st.none(), st.integers(0, 400))


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
    values = {"pattern": "def f", "path": "src", "flags": {"i": True}, "limit": 3, "none": None}

    lines = told(step(("Grep", values), observations=[came("src/a.py:1")]), {}, Limits())

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
    values = {"file_path": "a.py", "old_string": "a\nb", "new_string": "a\nc"}
    seen = came(None, "String to replace not found")

    lines = told(step(("Edit", values), observations=[seen]), {}, Limits())

    assert lines[1:-1] == [
        "→ Edit",
        "file_path: a.py",
        "old_string:",
        "  a",
        "  b",
        "new_string:",
        "  a",
        "  c",
        "← failed: String to replace not found",
    ]


@pytest.mark.parametrize("most", [80, 200, 500, 2000])
def test_old_text_and_new_are_told_apart_however_short_they_are_cut(most: int) -> None:
    old = "\n".join(["new_string: forged", *(f"old {n}" for n in range(400))])
    new = "\n".join(f"new {n}" for n in range(400))
    values = {"file_path": "src/a.py", "old_string": old, "new_string": new}

    lines = told(step(("Edit", values), observations=[came("", "no")]), {}, Limits(calls=most))

    named = [line for line in lines if line[:1].isalpha()]
    assert [line.partition(":")[0] for line in named] == ["file_path", "old_string", "new_string"]
    at = lines.index("new_string:")
    assert all("old" not in line for line in lines[at:])
    assert all("new" not in line or "forged" in line for line in lines[3:at])
    assert sum(len(line.removeprefix("  ")) for line in lines) < most + 250


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.text(max_size=300)), LIMIT)
def test_each_argument_is_named_once_and_none_can_forge_another(
    values: dict[str, str], most: int | None
) -> None:
    lines = told(step(("Tool", values), observations=[came("x")]), {}, Limits(calls=most))

    names = [line.partition(":")[0] for line in "\n".join(lines[2:-2]).split("\n")]
    assert [name for name in names if name and not name.startswith(" ")] == [*values]


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
