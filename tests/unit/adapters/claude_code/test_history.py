"""Prompts whose session is gone."""

import json
from typing import Any

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.session import SourceFile, SourceKind
from tests.contracts.trace_parser import Read, Source, read


def parsed(*lines: dict[str, Any] | bytes) -> Read:
    data = b"".join(
        each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in lines
    )
    file = SourceFile("history/s.jsonl", SourceKind.HISTORY, "/history.jsonl#s", len(data), "new")
    return read(ClaudeCodeParser(), Source(file, data))


def prompt(display: Any, **fields: Any) -> dict[str, Any]:
    common = {"pastedContents": {}, "timestamp": 1795410000000, "project": "/w", "sessionId": "s"}
    return {"display": display, **common, **fields}


def test_each_prompt_is_a_step_of_the_user() -> None:
    found = parsed(prompt("one"), prompt("two", timestamp=1795410001234))

    assert [(step.step.role, step.step.content) for step in found.steps] == [
        ("user", "one"),
        ("user", "two"),
    ]
    assert found.steps[1].step.timestamp == "2026-11-23T05:00:01.234Z"
    assert found.steps[1].moment == 1795410001234
    facts = found.source.facts
    assert facts.limitations == ("history_only",)
    assert facts.folders == ("/w",)
    assert (facts.prompts, facts.first_prompt) == (2, "one")
    assert facts.first_moment == 1795410000000


def test_what_was_pasted_is_part_of_it() -> None:
    pasted = {"1": {"id": 1, "type": "text", "content": "long\ntext"}, "2": {"contentHash": "x"}}
    found = parsed(prompt("see [Pasted text #1 +1 lines]", pastedContents=pasted))

    assert found.steps[0].step.content == "see [Pasted text #1 +1 lines]\nlong\ntext"


def test_commands_are_counted() -> None:
    facts = parsed(prompt("/clear "), prompt("/etc/hosts is odd"), prompt("go")).source.facts

    assert [(each.name, each.ordinal) for each in facts.commands] == [("clear", 0)]
    assert facts.first_prompt == "/etc/hosts is odd"


def test_equal_lines_are_steps_of_one_key() -> None:
    one, other = parsed(prompt("one"), prompt("one")).steps

    assert one.key == other.key
    assert (one.ordinal, other.ordinal) == (0, 1)


@pytest.mark.parametrize("odd", [None, "now", -5, 10**18, True, 1.5])
def test_a_time_that_is_none_is_none(odd: Any) -> None:
    assert parsed(prompt("x", timestamp=odd)).steps[0].step.timestamp is None


def test_lines_without_a_prompt_are_counted() -> None:
    found = parsed(prompt(7), b"\n", b"junk\n", {"type": "other"}, prompt("x"))

    lines = found.source.facts.lines
    assert (lines.recognised, lines.unknown, lines.bad) == (2, 2, 1)
    assert len(found.steps) == 1
