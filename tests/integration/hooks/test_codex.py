"""What is true of the hook of Codex alone: it writes into the repository, through nothing."""

import hashlib
import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import (
    BEGIN,
    LONGEST_S,
    SCRIPTS,
    SESSION,
    SILENT,
    CodexMachine,
    ended,
    event,
    hand_over,
)
from tests.integration.hooks.test_enrolment import make_hostile, told_by
from tests.integration.hooks.tree import everything
from tests.integration.hooks.workers import Workers, reports

RECORDED = Path(__file__).parents[2] / "data" / "codex-cli"
CLOSING = {"Stop", "SubagentStop", "Interrupt", "SessionEnd"}
OTHERS = (
    *("SessionStart", "UserPromptSubmit", "PermissionRequest", "PreToolUse", "PostToolUse"),
    *("PreCompact", "PostCompact", "SubagentStart", "stop", "Stop ", ""),
)
LEVELS = (".opentraces", ".opentraces/codex-cli", ".opentraces/codex-cli/hooks")
DIGEST = "f671bb76a814f5f45b6e75b72d4b23ecc10ac079b252d703a3b5341272ab743c"

pytestmark = pytest.mark.parametrize("machine", [CodexMachine], indirect=True, ids=["codex-cli"])


def test_script_is_that_of_every_release(machine: CodexMachine) -> None:
    """Whoever changes it decides that all who trusted it find another one there."""
    script = (SCRIPTS / machine.script.name).read_bytes()

    assert hashlib.sha256(script).hexdigest() == DIGEST


@pytest.mark.parametrize("run", sorted(path.parent.name for path in RECORDED.glob("*/hooks.jsonl")))
def test_real_events_are_kept_byte_for_byte(
    run: str, machine: CodexMachine, workers: Workers
) -> None:
    lines = (RECORDED / run / "hooks.jsonl").read_text().splitlines()
    said = [json.loads(line)["payload"] for line in lines]
    sent = [json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() for each in said]

    assert [machine.run(payload) for payload in sent] == [SILENT] * len(sent)

    sessions = dict.fromkeys(each["session_id"] for each in said)
    kept = [line for session in sessions for line in machine.lines(session)]
    assert sorted(line.partition(b',"event":')[2][:-2] for line in kept) == sorted(sent)
    assert all(line.startswith(BEGIN) for line in kept)
    assert workers.wait() == sum(each["hook_event_name"] in CLOSING for each in said)


def test_permission_is_written_down_and_not_answered(
    machine: CodexMachine, workers: Workers
) -> None:
    asked = {"command": "rm -rf build", "description": "clean"}

    assert machine.run(event("PermissionRequest", tool_name="Bash", tool_input=asked)) == SILENT

    assert [said["tool_input"] for said in machine.events()] == [asked]
    assert workers.wait() == 0


@pytest.mark.parametrize("name", sorted(CLOSING))
def test_closing_event_starts_one_worker_for_the_agents_folder(
    name: str, machine: CodexMachine, workers: Workers
) -> None:
    told = machine.environment() | told_by(machine.repository) | {"CODEX_HOME": "/nowhere"}

    assert machine.run(event(name), environment=told | {"HOME": str(machine.home)}) == SILENT

    assert workers.wait() == 1
    [seen] = reports(machine.store)
    assert seen["argv"][1:] == ["ingest", "--session", SESSION]
    assert seen["cwd"] == str(machine.store.resolve())
    assert seen["files"] == {"0": "/dev/null", "1": str(machine.log), "2": str(machine.log)}
    assert seen["environment"] == {
        "CODEX_HOME": str(machine.home / ".codex"),
        "HOME": str(machine.home),
        "LANG": "C.UTF-8",
        "OPENTRACES_HOME": str(machine.store),
    }


@pytest.mark.parametrize("name", OTHERS)
def test_other_event_starts_none(name: str, machine: CodexMachine, workers: Workers) -> None:
    assert machine.run(event(name, tool_response='"hook_event_name":"Stop"')) == SILENT

    assert workers.wait() == 0
    assert len(machine.events()) == 1


def test_nobody_else_may_read_what_is_written(machine: CodexMachine) -> None:
    assert machine.run(event(), before="umask 0") == SILENT

    file = machine.spool / f"{SESSION}.jsonl"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, *file.parents[:3])]
    assert modes == [0o600, 0o700, 0o700, 0o700]


def test_agents_own_folder_decides_and_not_that_of_a_tool(machine: CodexMachine) -> None:
    deep = machine.repository / "src"
    deep.mkdir()

    machine.run(event(cwd="/usr"), project=deep)
    machine.run(event(cwd=str(machine.repository)), project=machine.home)

    assert len(machine.events()) == 1
    assert (machine.spool / f"{SESSION}.jsonl").exists()


@pytest.mark.parametrize("session", ["", "../../../etc/passwd", SESSION[:-1], "é" * 36])
def test_what_is_no_uuid_names_no_file(session: str, machine: CodexMachine) -> None:
    told = machine.environment() | {"CLAUDE_CODE_SESSION_ID": SESSION}

    assert machine.run(event(session=session), environment=told) == SILENT

    assert machine.spooled() == ["codex-cli/unknown.jsonl"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("leads", ["outside", "inside", "nowhere"])
def test_no_level_is_followed_through_a_link(
    level: str, leads: str, machine: CodexMachine, workers: Workers
) -> None:
    target = (machine.repository if leads == "inside" else machine.root) / "target"
    if leads != "nowhere":
        target.mkdir()
    place = machine.repository / level
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    before = everything(machine.root)

    assert machine.run(event("Stop")) == SILENT

    assert workers.wait() == 0
    assert everything(machine.root) == before


def _hard_link(place: Path, elsewhere: Path) -> None:
    place.hardlink_to(elsewhere)


def _symbolic_link(place: Path, elsewhere: Path) -> None:
    place.symlink_to(elsewhere)


@pytest.mark.parametrize("link", [_hard_link, _symbolic_link])
def test_nothing_is_added_to_a_file_that_is_elsewhere_too(
    link: Callable[[Path, Path], None], machine: CodexMachine, workers: Workers
) -> None:
    elsewhere = machine.root / "elsewhere"
    elsewhere.write_text("mine\n")
    machine.spool.mkdir(parents=True)
    link(machine.spool / f"{SESSION}.jsonl", elsewhere)

    assert machine.run(event("Stop")) == SILENT

    assert elsewhere.read_text() == "mine\n"
    assert workers.wait() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("place", [*LEVELS, f"{LEVELS[-1]}/{SESSION}.jsonl"])
def test_nothing_is_written_into_what_is_anothers(
    place: str, machine: CodexMachine, workers: Workers
) -> None:
    machine.run(event(prompt="before"))
    os.chown(machine.repository / place, 12345, 12345)

    assert machine.run(event("Stop")) == SILENT

    assert [said["prompt"] for said in machine.events()] == ["before"]
    assert workers.wait() == 0


@pytest.mark.parametrize("name", ["SessionStart", "Stop"])
def test_repository_that_ships_our_folder_is_not_enrolled_by_it(
    name: str, machine: CodexMachine, workers: Workers
) -> None:
    stranger = machine.root / "work" / "stranger"
    (stranger / ".git").mkdir(parents=True)
    make_hostile(stranger)
    sidecar = stranger / LEVELS[-1] / f"{SESSION}.jsonl"
    sidecar.parent.mkdir(parents=True)
    sidecar.write_text('{"opentraces":1,"at":1,"event":{}}\n')
    before = everything(machine.root)

    for project in (stranger, stranger / ".opentraces"):
        ran = machine.run(event(name), environment=told_by(stranger), cwd=project)
        assert ran == SILENT

    assert workers.wait() == 0
    assert everything(machine.root) == before


def test_hostile_repository_runs_nothing_when_it_is_enrolled(
    machine: CodexMachine, workers: Workers
) -> None:
    witness = make_hostile(machine.repository)
    told = told_by(machine.repository)

    assert machine.run(event("Stop"), environment=told, cwd=machine.repository) == SILENT

    assert workers.wait() == len(reports(machine.store)) == 1
    assert machine.spooled() == [f"codex-cli/{SESSION}.jsonl"]
    assert not witness.exists()


def test_working_directory_that_is_gone(machine: CodexMachine) -> None:
    gone = machine.repository / "gone"

    ran = machine.run(event("Stop"), before=f"mkdir {gone}; cd {gone}; rmdir {gone}")

    assert (ran.code, ran.out) == (0, b"")  # the shell itself complains
    assert machine.spooled() == []


def test_event_without_a_newline_is_whole_although_stdin_stays_open(machine: CodexMachine) -> None:
    payload = event(prompt="x", tool_input={"a": {}}).strip()
    process = machine.start(subprocess.PIPE)
    for piece in (payload[:30], payload[30:]):
        hand_over(process, piece)

    process.wait(LONGEST_S)  # before its pipe is closed
    assert ended(process) == SILENT
    assert len(machine.events()) == 1
