"""What cannot be answered is said in a line that names what can be done."""

from pathlib import Path

import pytest

from opentraces.domain.ids import TraceId
from tests.integration.cli.conftest import Call
from tests.integration.cli.ctx.made_up import MadeUp, text

NAMES = ("show", "tokens", "tree", "compactions", "handover")


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_that_is_not_kept(uploads: TraceId, call: Call, name: str) -> None:
    result = call("ctx", name, "ffff")

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("opentraces: no trace ffff")


@pytest.mark.parametrize("name", ["show", "tokens", "handover"])
def test_a_step_that_is_not_there(uploads: TraceId, call: Call, name: str) -> None:
    result = call("ctx", name, f"{uploads}:11")

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == f"opentraces: no step 11 in {uploads}: it has 10\n"


@pytest.mark.parametrize("name", ["show", "tokens", "handover"])
def test_several_steps_are_not_one_window(uploads: TraceId, call: Call, name: str) -> None:
    result = call("ctx", name, f"{uploads}:2-3")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"what the model saw is one call's → {uploads}:3\n")


def test_a_difference_of_several_steps(uploads: TraceId, call: Call) -> None:
    assert call("ctx", "diff", f"{uploads}:2", f"{uploads}:2-3").exit_code == 2


@pytest.mark.parametrize("name", ["show", "tokens", "tree", "compactions"])
def test_a_trace_without_a_tree(session: MadeUp, call: Call, name: str) -> None:
    session.prompt("one")
    session.answer(text("two"))
    session.main.context.made.clear()

    result = call("ctx", name, session.keep())

    assert (result.exit_code, result.stdout) == (3, "")
    assert "→ if it was kept by an earlier release, opentraces bucket repair" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["show", "tokens", "tree", "compactions"])
def test_a_trace_without_an_answer(session: MadeUp, call: Call, name: str) -> None:
    session.prompt("one")
    trace = session.keep()

    result = call("ctx", name, trace)

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == (
        f"opentraces: {trace}: no step of it is the answer to a call that is known → "
        f"opentraces trace get {trace[:8]}\n"
    )


def test_a_prompt_that_was_never_answered(session: MadeUp, call: Call) -> None:
    session.prompt("one")
    session.answer(text("two"))
    session.prompt("three")
    trace = session.keep()

    result = call("ctx", "show", f"{trace}:3")

    assert result.exit_code == 3
    assert result.stderr == (
        f"opentraces: {trace}:3 was never answered → the last step that was is :2\n"
    )


@pytest.mark.parametrize("name", ["show", "tokens"])
def test_what_the_retention_let_go_is_said_to_be_gone(
    session: MadeUp, call: Call, name: str
) -> None:
    session.prompt("one")
    session.answer(text("two"))
    trace = session.keep(released=True)

    result = call("ctx", name, trace)

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.endswith(f"retention.keep_raw_days → opentraces ctx tree {trace}\n")
    assert call("ctx", "tree", trace).exit_code == 0
    assert call("ctx", "compactions", trace).exit_code == 0


@pytest.mark.parametrize("name", ["show", "tree", "handover"])
def test_a_damaged_tree_is_said_to_be(uploads: TraceId, call: Call, home: Path, name: str) -> None:
    (file,) = (home / ".opentraces" / "bucket").rglob("context.jsonl.gz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    result = call("ctx", name, uploads)

    assert (result.exit_code, result.stdout) == (4, "")
    assert "context.jsonl.gz" in result.stderr
    assert "→ opentraces bucket" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_address_that_is_none(uploads: TraceId, call: Call) -> None:
    assert call("ctx", "show", f"{uploads}:x").exit_code == 2


def test_too_few_tokens_are_refused(uploads: TraceId, call: Call) -> None:
    assert call("ctx", "handover", uploads, "--max-tokens", "10").exit_code == 2
