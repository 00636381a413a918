"""Sessions of the real client, with what real hooks wrote of them, as the program tells them."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import opentraces_schema  # type: ignore[import-untyped]
import pytest

from tests.integration.program.conftest import DATA
from tests.integration.program.machine import Machine

LIVE = DATA / "live"
SPOOLS = {path.stem: path for path in (LIVE / "spool" / "claude-code").glob("*.jsonl")}
HELPERS = next(name for name in SPOOLS if name.startswith("f9e71a6d"))
ASKED = next(name for name in SPOOLS if name.startswith("0998e412"))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which they were kept by one import; only read it."""
    machine = Machine(tmp_path_factory.mktemp("watched"), LIVE)
    shutil.copytree(LIVE / "spool", machine.home / "spool")
    assert machine.json("import", "--all")["kept"] == 5
    return machine


def told(session: str) -> list[dict[str, Any]]:
    """Return what hooks were told, as they wrote it down."""
    return [json.loads(line)["event"] for line in SPOOLS[session].read_bytes().splitlines()]


def ends(session: str) -> dict[str, dict[str, Any]]:
    """Return the events at the ends of calls, by the id of the call."""
    names = ("PostToolUse", "PostToolUseFailure")
    said = [event for event in told(session) if event["hook_event_name"] in names]
    return {event["tool_use_id"]: event for event in said}


def call_of(record: dict[str, Any], command: str) -> tuple[int, dict[str, Any]]:
    """Return the call that ran a command, and the number of its step."""
    [found] = [
        (step["step_index"], call)
        for step in record["steps"]
        for call in step["tool_calls"]
        if call["input"].get("command") == command
    ]
    return found


def test_every_event_is_kept_byte_for_byte_and_waits_no_more(watched: Machine) -> None:
    for session, spool in SPOOLS.items():
        with TemporaryDirectory(dir=watched.root) as place:
            watched.json("trace", "restore", session, "--to", place)
            kept = Path(place, "hooks", f"{session}.jsonl").read_bytes()
        assert kept == spool.read_bytes()
    assert list((watched.home / "spool" / "claude-code").iterdir()) == []


def test_calls_took_as_long_as_hooks_were_told_those_of_sub_agents_too(watched: Machine) -> None:
    record = watched.json("trace", "get", HELPERS)
    calls = [call for step in record["steps"] for call in step["tool_calls"]]

    took = {
        call["tool_call_id"]: call["duration_ms"]
        for call in calls
        if call["duration_ms"] is not None
    }

    assert took == {name: event["duration_ms"] for name, event in ends(HELPERS).items()}
    assert len(took) == 15


def test_edits_are_whole_where_the_transcript_leaves_the_file_out(watched: Machine) -> None:
    record = watched.json("trace", "get", HELPERS)
    edits = {name: event for name, event in ends(HELPERS).items() if event["tool_name"] == "Edit"}
    whole = dict[str, Any]()
    for step in record["steps"]:
        if any(call["tool_call_id"] in edits for call in step["tool_calls"]):
            whole |= watched.json("trace", "get", f"{HELPERS}:{step['step_index']}")[
                "tool_responses"
            ]

    assert {name: whole[name] for name in edits} == {
        name: event["tool_response"] for name, event in edits.items()
    }
    assert sorted(len(each["originalFile"]) > 10_000 for each in whole.values()) == [True, True]


def test_what_a_person_was_asked_is_joined_to_the_calls(watched: Machine) -> None:
    record = watched.json("trace", "get", ASKED)
    allowed_step, allowed = call_of(record, "touch first")
    rejected_step, rejected = call_of(record, "touch second")

    rows = record["metadata"]["hooks"]["permissions"]

    assert [(row["step_index"], row["tool_call_id"], row["decision"]) for row in rows] == [
        (allowed_step, allowed["tool_call_id"], "requested"),
        (rejected_step, rejected["tool_call_id"], "requested"),
    ]
    assert [allowed["duration_ms"] is None, rejected["duration_ms"] is None] == [False, True]


def test_call_that_was_denied_says_why(watched: Machine) -> None:
    record = watched.json("trace", "get", HELPERS)
    [denied] = [e for e in told(HELPERS) if e["hook_event_name"] == "PermissionDenied"]
    step, call = call_of(record, denied["tool_input"]["command"])

    assert record["metadata"]["hooks"]["permissions"] == [
        {
            "step_index": step,
            "tool_call_id": call["tool_call_id"],
            "tool_name": "Bash",
            "decision": "denied",
            "permission_mode": "auto",
            "reason": denied["reason"],
        }
    ]


@pytest.mark.parametrize("session", sorted(SPOOLS))
def test_record_is_valid_by_the_public_schema(session: str, watched: Machine) -> None:
    record = watched.json("trace", "get", session)

    public = opentraces_schema.TraceRecord.model_validate(record)

    assert json.loads(public.model_dump_json()) == record
    counts = record["metadata"]["hooks"]["events"]
    names = [event["hook_event_name"] for event in told(session)]
    assert counts == {name: names.count(name) for name in names}
