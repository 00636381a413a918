"""What an event becomes: one line, in the file of its session."""

import json
import stat
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import BEGIN, SESSION, SILENT, HookedMachine, event
from tests.integration.hooks.workers import Workers

PAYLOADS = Path(__file__).parents[2] / "data" / "claude-code" / "hooks"
CLOSING = {"Stop", "StopFailure", "SubagentStop", "PreCompact", "SessionEnd"}
OTHER_SESSION = "f2d5f0f4-6d27-4a4e-8f0a-5d1a3e6f7b21"
GIANT = 100_000_000


def test_event_becomes_one_line_with_the_time(machine: HookedMachine) -> None:
    assert machine.run(event(prompt="Grüße ☃")) == SILENT

    [line] = machine.lines()
    said = json.loads(line)
    assert list(said) == ["opentraces", "at", "event"]
    assert said["opentraces"] == 1
    assert machine.script.stat().st_mtime_ns < said["at"]
    assert said["event"]["prompt"] == "Grüße ☃"


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_real_event_is_kept_byte_for_byte(
    path: Path, machine: HookedMachine, workers: Workers
) -> None:
    payload = path.read_bytes()
    said = json.loads(payload)

    assert machine.run(payload) == SILENT

    [line] = machine.lines(said["session_id"])
    assert line.startswith(BEGIN)
    assert line.endswith(b',"event":' + payload.strip() + b"}\n")
    assert machine.spooled() == [f"claude-code/{said['session_id']}.jsonl"]
    assert workers.wait() == (said["hook_event_name"] in CLOSING)


def test_events_of_a_session_stand_in_their_order(machine: HookedMachine) -> None:
    for number in range(3):
        machine.run(event(number=number))

    assert [said["number"] for said in machine.events()] == [0, 1, 2]


def test_event_over_several_lines_becomes_one(machine: HookedMachine) -> None:
    spread = json.dumps(json.loads(event(prompt="a\nb\r")), indent=1).replace("\n", "\r\n")

    assert machine.run(spread.encode()) == SILENT

    assert [said["prompt"] for said in machine.events()] == ["a\nb\r"]
    assert len(machine.lines()) == 1


def test_nobody_else_may_read_what_is_spooled(machine: HookedMachine) -> None:
    assert machine.run(event(), before="umask 0") == SILENT

    file = machine.spool / f"{SESSION}.jsonl"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, *file.parents[:2])]
    assert modes == [0o600, 0o700, 0o700]


def test_event_names_its_session_rather_than_the_environment(machine: HookedMachine) -> None:
    told = machine.environment() | {"CLAUDE_CODE_SESSION_ID": OTHER_SESSION}

    machine.run(event(), environment=told)

    assert machine.spooled() == [f"claude-code/{SESSION}.jsonl"]


def test_environment_names_the_session_that_an_event_does_not(machine: HookedMachine) -> None:
    told = machine.environment() | {"CLAUDE_CODE_SESSION_ID": OTHER_SESSION}

    machine.run(b'{"hook_event_name":"UserPromptSubmit"}\n', environment=told)

    assert machine.spooled() == [f"claude-code/{OTHER_SESSION}.jsonl"]


@pytest.mark.parametrize(
    "session",
    ["", "../../../etc/passwd", SESSION[:-1], SESSION + "/", SESSION.replace("-", "g"), "é" * 36],
)
def test_what_is_no_uuid_names_no_file(session: str, machine: HookedMachine) -> None:
    told = machine.environment() | {"CLAUDE_CODE_SESSION_ID": session}

    assert machine.run(event(session=session), environment=told) == SILENT

    assert machine.spooled() == ["claude-code/unknown.jsonl"]


def test_session_that_a_tool_speaks_of_is_not_that_of_the_event(machine: HookedMachine) -> None:
    machine.run(event(tool_response={"session_id": OTHER_SESSION}))

    assert machine.spooled() == [f"claude-code/{SESSION}.jsonl"]


def test_event_in_a_very_long_folder_is_still_known_as_closing(
    machine: HookedMachine, workers: Workers
) -> None:
    said = {"session_id": SESSION, "cwd": "/" + "d" * 4000, "transcript_path": "/" + "t" * 4000}

    machine.run(json.dumps(said | {"hook_event_name": "Stop"}).encode() + b"\n")

    assert workers.wait() == 1


def test_of_a_giant_its_size_and_head_are_kept(machine: HookedMachine, workers: Workers) -> None:
    payload = event("Stop", tool_response="x" * GIANT)

    assert machine.run(payload) == SILENT

    [line] = machine.lines()
    said = json.loads(line)
    assert list(said) == ["opentraces", "at", "bytes", "head"]
    assert said["bytes"] == len(payload)
    assert bytes.fromhex(said["head"]) == payload[:2048]
    assert workers.wait() == 1


def test_largest_event_that_is_no_giant_is_whole(machine: HookedMachine) -> None:
    frame = len(event(prompt=""))

    machine.run(event(prompt="x" * (8_000_000 - frame)))
    machine.run(event(prompt="x" * (8_000_001 - frame)))

    first, second = map(json.loads, machine.lines())
    assert len(first["event"]["prompt"]) == 8_000_000 - frame
    assert second["bytes"] == 8_000_001
