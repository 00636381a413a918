"""The worker: who starts it, and what of the agent's world reaches it."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import SESSION, SILENT, HookedMachine, event
from tests.integration.hooks.workers import Workers, reports

CLOSING = ("Stop", "StopFailure", "SubagentStop", "PreCompact", "SessionEnd")
OTHERS = (
    "SessionStart",
    "UserPromptSubmit",
    "PostToolUse",
    "PostToolUseFailure",
    "PermissionRequest",
    "PermissionDenied",
    "PostCompact",
    "stop",
    "Stop ",
    "",
)
SECRETS = {
    "ANTHROPIC_API_KEY": "sk-ant-secret",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "BASH_ENV": "/dev/null",
    "CLAUDE_CODE_SESSION_ID": SESSION,
    "GIT_CONFIG_COUNT": "0",
    "GIT_DIR": "/nowhere",
    "OPENTRACES_HOME": "/nowhere",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": "/nowhere",
    "TMPDIR": "/nowhere",
    "XDG_DATA_HOME": "/nowhere",
}


@pytest.mark.parametrize("name", CLOSING)
def test_closing_event_starts_one_worker(
    name: str, machine: HookedMachine, workers: Workers
) -> None:
    assert machine.run(event(name)) == SILENT

    assert workers.wait() == 1
    [seen] = reports(machine.store)
    assert seen["argv"][1:] == ["ingest", "--session", SESSION]


@pytest.mark.parametrize("name", OTHERS)
def test_other_event_starts_none(name: str, machine: HookedMachine, workers: Workers) -> None:
    assert machine.run(event(name, tool_response={"hook_event_name": "Stop"})) == SILENT

    assert workers.wait() == 0
    assert len(machine.events()) == 1


def test_worker_of_an_unknown_session_is_told_so(machine: HookedMachine, workers: Workers) -> None:
    machine.run(event("Stop", session="; rm -rf ~"))

    assert workers.wait() == 1
    assert reports(machine.store)[0]["argv"][1:] == ["ingest", "--session", "unknown"]


def test_hook_ends_while_its_worker_still_works(machine: HookedMachine, workers: Workers) -> None:
    hold = machine.store / "hold"
    os.mkfifo(hold)

    assert machine.run(event("Stop")) == SILENT

    assert len(workers.running()) == 1
    assert reports(machine.store) == []
    hold.open("wb").close()
    assert workers.wait() == len(reports(machine.store)) == 1


def test_worker_is_no_part_of_the_session_it_was_started_in(
    machine: HookedMachine, workers: Workers
) -> None:
    machine.run(event("Stop"))

    workers.wait()
    [seen] = reports(machine.store)
    assert seen["pid"] == seen["session"] == seen["group"] != os.getsid(0)


def test_worker_holds_nothing_open_but_its_log(machine: HookedMachine, workers: Workers) -> None:
    given = machine.root / "given"

    machine.run(event("Stop"), before=f"exec 3>{given} 7>{given} 9<{given}")

    workers.wait()
    [seen] = reports(machine.store)
    assert seen["files"] == {"0": "/dev/null", "1": str(machine.log), "2": str(machine.log)}


def test_log_is_the_users_own_and_grows(machine: HookedMachine, workers: Workers) -> None:
    for _ in range(2):
        machine.run(event("Stop"), before="umask 0")
        workers.wait()

    assert machine.log.read_text() == "a worker was here\nand complained\n" * 2
    assert stat.S_IMODE(machine.log.stat().st_mode) == 0o600
    assert [seen["umask"] for seen in reports(machine.store)] == [0o077] * 2


def test_worker_is_told_no_secret_and_nothing_a_repository_may_set(
    machine: HookedMachine, workers: Workers
) -> None:
    told = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "USER": "dev", "LOGNAME": "dev"}

    machine.run(event("Stop"), environment=machine.environment() | told | SECRETS)

    workers.wait()
    [seen] = reports(machine.store)
    ours = {"HOME": str(machine.home), "OPENTRACES_HOME": str(machine.store)}
    assert seen["environment"] == told | ours


def test_worker_starts_at_home_and_imports_nothing_from_there_or_from_the_repository(
    machine: HookedMachine, workers: Workers
) -> None:
    for folder in (machine.repository, machine.store):
        (folder / "opentraces").mkdir()
        (folder / "opentraces" / "__main__.py").write_text("raise SystemExit('hostile')\n")
        shutil.copytree(folder / "opentraces", folder / "json")

    machine.run(event("Stop"))

    workers.wait()
    [seen] = reports(machine.store)
    assert seen["cwd"] == str(machine.store.resolve())
    assert seen["flags"] == [1, True]
    assert "hostile" not in machine.log.read_text()


@pytest.mark.parametrize("in_the_way", ["folder", "link", "pipe"])
def test_worker_starts_without_a_log(
    in_the_way: str, machine: HookedMachine, workers: Workers
) -> None:
    elsewhere = machine.root / "elsewhere"
    elsewhere.touch()
    make = {"folder": Path.mkdir, "link": lambda p: p.symlink_to(elsewhere), "pipe": os.mkfifo}
    make[in_the_way](machine.log)

    assert machine.run(event("Stop")) == SILENT

    workers.wait()
    [seen] = reports(machine.store)
    assert seen["files"] == dict.fromkeys("012", "/dev/null")
    assert elsewhere.read_bytes() == b""


def test_worker_starts_though_its_log_may_not_be_written(
    machine: HookedMachine, workers: Workers, mortal: str
) -> None:
    machine.log.touch(0o400)

    assert machine.run(event("Stop"), before=mortal) == SILENT

    assert workers.wait() == len(reports(machine.store)) == 1
    assert machine.log.read_bytes() == b""
