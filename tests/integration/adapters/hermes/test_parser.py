"""What becomes of rows that are out of the ordinary."""

import json
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.hermes.parser import HermesParser
from opentraces.domain.session import Scope
from tests.contracts.trace_parser import Read, read
from tests.hermes_agent import NEWEST, Store, answer, human, run, tool_calls
from tests.integration.adapters.hermes.fixtures import (
    SESSION,
    sessions_in,
    source_of,
    stored,
)

GIANT = "x" * (9 << 20)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state.db")


def read_from(store: Store) -> Read:
    agent = sessions_in(store.path.parent, store.path.parent)
    (found,) = agent.discover(Scope())
    return read(HermesParser(), source_of(agent, found))


def native(found: Read) -> dict[str, Any]:
    return dict(found.source.facts.native)


def test_messages_that_are_too_long_keep_their_place(store: Store) -> None:
    store.session(SESSION, output_tokens=9)
    store.say(SESSION, "user", GIANT)
    store.say(SESSION, "assistant", GIANT)
    store.say(SESSION, "user", GIANT, active=0)
    calls = tool_calls(("call_1", "terminal", {"command": "yes"}))
    store.say(SESSION, "assistant", "Running.", tool_calls=calls)
    store.say(SESSION, "tool", GIANT, tool_call_id="call_1", tool_name="terminal")
    store.say(SESSION, "tool", GIANT, tool_call_id="call_9")

    found = read_from(store)

    facts = found.source.facts
    assert (facts.prompts, facts.responses, facts.lines.recognised) == (1, 2, 6)
    assert [step.native.get("origin") for step in found.steps] == ["giant", "giant", None, "giant"]
    answered = found.steps[2].step
    assert answered.token_usage.output_tokens == 9
    assert [seen.source_call_id for seen in answered.observations] == ["call_1"]
    assert "kept in the source" in str(answered.observations[0].content)
    assert [giant.ordinal for giant in facts.giants] == [0, 1, 2, 3]
    assert native(found)["rewound_messages"] == 1


def test_everything_that_a_session_may_hold_is_read(tmp_path: Path) -> None:
    found = read(HermesParser(), stored(tmp_path, NEWEST))

    steps = [found.step for found in found.steps]
    assert [step.content for step in steps] == [
        "fix the build",
        "Looking.",
        "It builds.",
        "look\n[image_url]",
        None,
        "of nobody",
        "[CONTEXT SUMMARY]: it builds",
        "It builds.",
    ]
    assert [call.input for call in steps[4].tool_calls] == [{"command": "ls"}, {"input": "{bad"}]
    answers = {seen.source_call_id: seen for seen in steps[4].observations}
    assert answers["call_3"].error == "Error: no such file"
    assert answers["call_2"].content == "a.c"
    assert native(found)["unpaired_results"] == 1
    assert native(found)["rewound_messages"] == 1
    assert found.steps[2].key == found.steps[7].key


def test_where_nothing_is_said_of_tokens_none_are_counted(store: Store) -> None:
    store.session(SESSION)
    store.say(SESSION, "assistant", "hello")

    found = read_from(store)

    assert "usage" not in native(found)
    assert "usage_per_session" not in found.source.facts.limitations
    assert "usage_of" not in found.steps[0].native


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ({"estimated_cost_usd": 0.5, "actual_cost_usd": 0.25}, "0.25"),
        ({"estimated_cost_usd": 0.5, "actual_cost_usd": 0}, "0.5"),
        ({"estimated_cost_usd": 0.5}, "0.5"),
        ({"estimated_cost_usd": 0}, None),
        ({}, None),
    ],
)
def test_what_was_billed_goes_before_what_was_worked_out(
    store: Store, costs: dict[str, Any], said: str | None
) -> None:
    store.session(SESSION, output_tokens=9, **costs)
    store.say(SESSION, "assistant", "hello")
    store.say(SESSION, "assistant", "again")

    costs_said = [step.native.get("cost_usd") for step in read_from(store).steps]

    assert costs_said == [said, None]


def test_of_several_models_no_step_names_one(store: Store) -> None:
    store.session(SESSION, model="b")
    store.say(SESSION, "assistant", "hello")
    store.usage(SESSION, "b", first_seen=2.0, output_tokens=1)
    store.usage(SESSION, "a", first_seen=1.0, output_tokens=2)
    store.usage(SESSION, "c", first_seen=0.5, task="title")

    found = read_from(store)

    assert found.source.facts.models == ("a", "b")
    assert found.steps[0].step.model is None
    assert [row["model"] for row in native(found)["models"]] == ["b", "a", "c"]


def test_what_a_program_put_there_is_not_what_a_user_typed(store: Store) -> None:
    store.session(SESSION)
    store.say(SESSION, "user", "[CONTEXT COMPACTION — REFERENCE ONLY] before")
    store.say(SESSION, "user", "go on", display_kind="hidden")
    store.say(SESSION, "system", "be brief")
    store.say(SESSION, "user", "overheard", observed=1)

    found = read_from(store)

    assert [(step.step.role, step.native.get("origin")) for step in found.steps] == [
        ("system", "compaction"),
        ("system", "hidden"),
        ("system", "system"),
        ("user", None),
    ]
    assert [each.ordinal for each in found.source.facts.compactions] == [0]
    assert found.source.facts.prompts == 1


def test_a_role_that_is_not_known_is_counted_as_unknown(store: Store) -> None:
    store.session(SESSION)
    store.say(SESSION, "developer", "hello")

    found = read_from(store)

    assert found.steps == []
    assert found.source.facts.unknown_types == {"messages/developer": 1}


@pytest.mark.parametrize("value", [None, 7, ["a"], {"a": "b"}])
def test_a_value_that_is_no_text_is_shown_as_json(tmp_path: Path, value: object) -> None:
    source = stored(tmp_path)
    line = run(human("hello"), {"from": "gpt", "value": value}, answer("bye"))

    found = read(HermesParser(), type(source)(source.file, line))

    shown = None if value is None else json.dumps(value, separators=(",", ":"))
    assert [step.step.content for step in found.steps] == ["hello", shown, "bye"]
