"""Records of Agent Trace: valid by its published schema, and with evidence alone."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from opentraces.domain.ids import SessionId, StepKey, trace_id
from opentraces.domain.session import Agent
from opentraces.domain.step import Step
from opentraces.domain.trail.agent_trace import agent_traces
from opentraces.domain.trail.events import Anchored, PatchCreated, TrailEvent
from opentraces.domain.trail.file_change import FileChange
from opentraces.domain.trail.known import known_trail
from opentraces.domain.trail.patch_ids import patch_id_of

SCHEMA = Path(__file__).parents[3] / "data" / "agent-trace" / "trace-record-0.1.0.json"
TRACE = trace_id("claude-code", SessionId("s1"))
FIRST, LATER = "a" * 40, "b" * 40


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = orjson.loads(SCHEMA.read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def made(step: int, path: str = "/work/app.py") -> PatchCreated:
    change = FileChange(call=f"call_{step}", path=path, operation="edit")
    patch = patch_id_of(TRACE, StepKey(f"{step:016x}"), change)
    return PatchCreated(patch_id=patch, step_index=step, change=change)


def held(patch: PatchCreated, commit: str, *lines: tuple[int, int], tier: Any = None) -> Anchored:
    return Anchored(
        patch_id=patch.patch_id,
        repository="r" * 40,
        commit=commit,
        committed=f"2026-11-{20 if commit == FIRST else 21}T10:00:00Z",
        path="src/app.py",
        blob="c" * 40,
        tier=tier or "exact_blob_hash",
        lines=lines,
    )


def records(*events: TrailEvent, agent: Agent = Agent.CLAUDE_CODE) -> list[dict[str, Any]]:
    model = "claude-opus-4-5" if agent is not Agent.PI else "openai/gpt-5"
    steps = {n: Step(step_index=n, role="agent", model=model) for n in (1, 2)}
    return agent_traces(TRACE, agent, known_trail(events), steps, "1.2.3")


def test_a_commit_is_a_record_that_the_schema_takes(validator: Draft202012Validator) -> None:
    one, two = made(1), made(2)

    [record] = records(one, two, held(one, FIRST, (3, 5), (9, 9)), held(two, FIRST, (6, 6)))

    validator.validate(record)
    assert record["vcs"] == {"type": "git", "revision": FIRST}
    assert record["timestamp"] == "2026-11-20T10:00:00Z"
    [file] = record["files"]
    assert file["path"] == "src/app.py"
    assert file["conversations"] == [
        {
            "url": f"opentraces://{TRACE}/step_{step}",
            "contributor": {"type": "ai", "model_id": "anthropic/claude-opus-4-5"},
            "ranges": [{"start_line": a, "end_line": b} for a, b in ranges],
        }
        for step, ranges in ((1, [(3, 5), (9, 9)]), (2, [(6, 6)]))
    ]
    assert record["metadata"]["ai.opentraces"] == {
        "trace_id": TRACE,
        "tiers": {"src/app.py": "exact_blob_hash"},
        "tool_call_ids": ["call_1", "call_2"],
    }


def test_each_commit_has_a_record_of_the_same_name_every_time() -> None:
    one = made(1)
    events = (one, held(one, LATER, (1, 1)), held(one, FIRST, (2, 2)))

    found = records(*events)

    assert [record["vcs"]["revision"] for record in found] == [FIRST, LATER]
    assert [record["id"] for record in found] == [record["id"] for record in records(*events)]
    assert found[0]["id"] != found[1]["id"]


def test_without_evidence_there_is_no_record() -> None:
    one = made(1)

    assert records(one) == []
    assert records(one, held(one, FIRST, (1, 1)), held(one, FIRST)) == []


def test_the_weakest_tie_of_a_file_is_told() -> None:
    one, two = made(1), made(2)
    weak = held(two, FIRST, (9, 9), tier="git_clean_range_hash")

    [record] = records(one, two, held(one, FIRST, (1, 1)), weak)

    assert record["metadata"]["ai.opentraces"]["tiers"] == {"src/app.py": "git_clean_range_hash"}


@pytest.mark.parametrize(
    ("agent", "model"),
    [(Agent.CODEX_CLI, "openai/claude-opus-4-5"), (Agent.PI, "openai/gpt-5")],
)
def test_a_model_is_named_with_its_provider(agent: Agent, model: str) -> None:
    one = made(1)

    [record] = records(one, held(one, FIRST, (1, 1)), agent=agent)

    assert record["files"][0]["conversations"][0]["contributor"]["model_id"] == model
