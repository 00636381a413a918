"""What is held between lines is bounded, and too long lines lose nothing but their words."""

import orjson
import pytest

from opentraces.adapters._reading import jsonl
from opentraces.adapters.pi import open_steps
from tests.unit.adapters.pi.lines import (
    answer,
    facts,
    header,
    message,
    parsed,
    result,
    seen,
    told,
    typed,
    usage,
)

HEAD = header()
GIANT = "w" * 3000


@pytest.fixture
def short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of more than 2,000 bytes are too long, and 500 of each end are held."""
    monkeypatch.setattr(jsonl, "LINE_LIMIT", 2000)
    monkeypatch.setattr(jsonl, "EDGE", 500)


def test_answers_that_wait_are_bounded_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_steps, "MOST_WAITING", 2)
    asked = [answer(f"a{n}", None, "", f"c{n}") for n in range(4)]

    assert seen(HEAD, *asked, result("t0", "a3", "c1"), result("t1", "t0", "c0")) == [
        ("c1", "ok", None),
        ("c0", "ok", None),
    ]


def test_answers_that_wait_are_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_steps, "MOST_BYTES", 1000)
    asked = [answer(f"a{n}", None, "x" * 600, f"c{n}") for n in range(3)]
    found = parsed(HEAD, *asked, result("t0", "a2", "c0"), result("t2", "t0", "c2"))

    assert [len(step.step.observations) for step in found.steps] == [0, 0, 0, 1, 1]
    assert found.steps[3].native["origin"] == found.steps[4].native["origin"] == "result"


def test_results_of_the_last_answer_are_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_steps, "MOST_BYTES", 2000)
    calls = [f"c{n}" for n in range(4)]
    results = [result(f"t{n}", "a1", call, "x" * 800) for n, call in enumerate(calls)]
    found = parsed(HEAD, answer("a1", None, "", *calls), *results)

    assert [len(step.step.observations) for step in found.steps] == [2, 1, 1]


def test_a_second_result_of_a_call_is_a_step_of_its_own() -> None:
    lines = (answer("a1", None, "", "c1"), result("t1", "a1", "c1"), result("t2", "t1", "c1", "no"))

    assert seen(HEAD, *lines) == [("c1", "ok", None), ("c1", "no", None)]
    assert len(told(HEAD, *lines)) == 2


def test_tools_that_nobody_could_list_are_cut() -> None:
    tools = [{"name": f"{n}" + "t" * 300} for n in range(1500)]
    (step, other) = parsed(
        HEAD,
        message("system", "s1", None, content="a", toolsAdded=tools),
        message("system", "s2", "s1", content="b", toolsAdded=[{"name": "more"}]),
    ).steps

    assert len(step.step.tools_available) == len(other.step.tools_available) == 1000
    assert max(map(len, step.step.tools_available)) == 200


@pytest.mark.usefixtures("short_lines")
def test_a_prompt_too_long_to_be_read_is_a_step_that_says_so() -> None:
    found = parsed(HEAD, typed("u1", None, GIANT), typed("u2", "u1", "next"))
    (giant,) = found.source.facts.giants

    assert found.steps[0].step.role == "user"
    assert "kept in the source and not read" in str(found.steps[0].step.content)
    assert (giant.ordinal, giant.offset) == (0, len(HEAD))
    assert giant.length == len(typed("u1", None, GIANT))
    assert found.source.facts.limitations == ("giant_lines",)


@pytest.mark.usefixtures("short_lines")
def test_what_a_too_long_answer_cost_is_known() -> None:
    line = answer("a1", "u1", GIANT, usage=usage(7, 8, 9, 10, 0.5))
    (_, step) = parsed(HEAD, typed("u1", None, "go"), line).steps

    assert step.step.role == "agent"
    assert step.step.token_usage.cache_write_tokens == 10
    assert step.native["cost_usd"] == "0.5"


@pytest.mark.usefixtures("short_lines")
def test_a_too_long_result_is_that_of_its_call() -> None:
    lines = (answer("a1", None, "", "c1"), result("t1", "a1", "c1", GIANT))
    ((call, content, error),) = seen(HEAD, *lines)

    assert (call, error) == ("c1", None)
    assert "not read" in str(content)


@pytest.mark.usefixtures("short_lines")
def test_too_long_lines_have_their_place_in_the_tree() -> None:
    lines = (
        typed("u1", None, "one"),
        typed("u2", "u1", GIANT),
        typed("u3", "u1", GIANT),
        typed("u4", "u3", "four"),
    )
    found = facts(HEAD, *lines)

    assert [(each.first, each.last, each.fork) for each in found.branching.inactive] == [(1, 1, 0)]


@pytest.mark.usefixtures("short_lines")
def test_too_long_lines_that_are_no_step_or_not_known_are_counted() -> None:
    state = orjson.dumps({"type": "custom", "id": "x", "parentId": "u1", "data": GIANT}) + b"\n"
    alien = orjson.dumps({"type": "hologram", "id": "y", "parentId": "x", "data": GIANT}) + b"\n"
    prompt = typed("u1", None, "one")
    lines = (HEAD, prompt, state, alien, b"z" * 3000 + b"\n", typed("u2", "y", "two"))
    found = facts(*lines)

    assert told(*lines) == [("user", "one"), ("user", "two")]
    assert (found.lines.recognised, found.lines.unknown, found.lines.bad) == (4, 1, 1)
    assert found.branching.told() == {}


@pytest.mark.usefixtures("short_lines")
def test_a_too_long_message_of_nobody_known_is_unknown() -> None:
    found = facts(HEAD, message("oracle", "o1", None, content=GIANT), typed("u1", "o1", "go"))

    assert (found.lines.unknown, found.prompts) == (1, 1)
