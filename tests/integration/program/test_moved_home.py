"""A home that is moved to another place: all is found there, and hooks are told of it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.hooks.hooked import SILENT, Ran, ended, event
from tests.integration.program.live import LiveMachine
from tests.integration.program.machine import Machine, tree
from tests.integration.program.test_bucket_care import SESSIONS, records, stop, write
from tests.memory_world import event_line


class Moved(Machine):
    """A machine whose home is in another place."""

    @property
    def home(self) -> Path:
        return self.root / "disk" / "traces"


@pytest.fixture
def before(tmp_path: Path) -> Machine:
    """A machine on which three sessions were kept, one with events, and one was deleted."""
    machine = Machine(tmp_path / "machine", tmp_path / "agent")
    for session in SESSIONS:
        write(machine.claude, session, 0, 3)
    stop(machine, SESSIONS[0])
    machine.json("import", "--all")
    machine.json("trace", "delete", SESSIONS[2], "--yes")
    return machine


def moved(before: Machine) -> Moved:
    machine = Moved(before.root, before.claude)
    machine.home.parent.mkdir()
    before.home.rename(machine.home)
    return machine


def test_all_is_found_and_nothing_is_made_again(before: Machine) -> None:
    old = records(before)
    found = before.json("trace", "query", "question")["hits"]
    derived = tree(before.home)

    machine = moved(before)

    assert records(machine) == old
    assert machine.json("trace", "query", "question")["hits"] == found
    assert machine.json("bucket", "verify", "--deep")["ok"]
    again = machine.json("import", "--all")
    assert (again["kept"], again["unchanged"], len(again["skipped"])) == (0, 2, 1)
    assert machine.json("bucket", "gc")["problems"] == []
    assert machine.json("bucket", "repair")["ok"]
    assert len(machine.restored()) == 3
    now = tree(machine.home)
    assert {name for name in now if now[name] != derived.get(name)} <= {"state/locks/trash"}
    assert not before.home.exists()


def test_sessions_go_on_with_what_hooks_say(before: Machine) -> None:
    machine = moved(before)
    write(machine.claude, SESSIONS[0], 3, 5)
    stop(machine, SESSIONS[0])

    assert machine.json("import", "--all")["kept"] == 1

    record = json.loads(machine.record(SESSIONS[0]))
    assert record["metadata"]["hooks"]["events"] == {"Stop": 2}
    assert machine.json("bucket", "verify", "--deep")["ok"]
    events = [name for name in machine.restored() if "/hooks/" in name]
    assert len(events) == 1


def test_a_copy_with_other_times_is_as_good(before: Machine) -> None:
    old = records(before)
    machine = Moved(before.root, before.claude)
    shutil.copytree(before.home, machine.home, copy_function=shutil.copyfile)

    assert machine.json("import", "--all")["kept"] == 0
    assert records(machine) == old
    assert machine.json("trace", "query", "question")["total"] == 2


@pytest.fixture
def live(tmp_path: Path) -> LiveMachine:
    """A machine with a repository enrolled, and hooks that `setup` installed."""
    machine = LiveMachine.prepared(tmp_path / "live")
    shutil.rmtree(machine.hooked.script.parent)
    assert machine.run("setup", "claude-code")[0] == 0
    return machine


class LiveElsewhere(LiveMachine):
    """The same, with its home in another place."""

    @property
    def home(self) -> Path:
        return self.root / "disk" / "traces"


def elsewhere(live: LiveMachine) -> LiveElsewhere:
    machine = LiveElsewhere(live.root, live.claude, python=live.python)
    machine.home.parent.mkdir()
    return machine


def fire(machine: Machine, repository: Path) -> Ran:
    """Run what the agent's settings say for its Stop."""
    settings = json.loads((machine.claude / "settings.json").read_bytes())
    (group,) = settings["hooks"]["Stop"]
    done = subprocess.Popen(
        ["sh", "-c", group["hooks"][0]["command"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=repository,
        env={"PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": str(repository)},
    )
    return ended(done, event("Stop"))


def doctor(machine: Machine) -> list[dict[str, Any]]:
    """Return all that the doctor looked at."""
    checks: list[dict[str, Any]] = json.loads(machine.run("doctor", "--json")[1])["checks"]
    return checks


def said(machine: Machine) -> list[tuple[str, str, str | None]]:
    """What the doctor says of the hooks: level, text, advice."""
    hooks = [check for check in doctor(machine) if check["topic"] == "claude-code"]
    return [(c["level"], c["text"], c["advice"]) for c in hooks if "session" not in c["text"]]


def test_hooks_of_before_write_nothing_and_the_doctor_says_so(live: LiveMachine) -> None:
    machine = elsewhere(live)
    live.home.rename(machine.home)

    assert fire(machine, live.hooked.repository) == SILENT

    assert not live.home.exists()
    text = f"hooks write to {live.home}, which is gone: nothing comes of it"
    assert said(machine) == [("fail", text, "opentraces setup claude-code")]
    assert machine.run("doctor")[0] == 1


def test_a_setup_turns_hooks_to_the_new_home(live: LiveMachine) -> None:
    machine = elsewhere(live)
    live.home.rename(machine.home)

    machine.json("setup", "claude-code")

    assert fire(machine, live.hooked.repository) == SILENT
    assert not live.home.exists()
    (waiting,) = (machine.home / "spool" / "claude-code").iterdir()
    assert waiting.read_bytes()
    assert [level for level, _, _ in said(machine)] == ["ok"]


def test_events_that_were_left_in_the_old_place_are_told_and_can_be_moved(
    live: LiveMachine,
) -> None:
    machine = elsewhere(live)
    shutil.copytree(live.home, machine.home)
    old, new = (home / "spool" / "claude-code" for home in (live.home, machine.home))
    old.mkdir(parents=True)
    (old / f"{SESSIONS[0]}.jsonl").write_bytes(event_line(SESSIONS[0], "Stop"))

    assert (
        "warn",
        f"hooks write to {live.home}, and not to {machine.home}",
        "opentraces setup claude-code",
    ) in said(machine)
    left = f"events of 1 session wait in {live.home}"
    assert [check["text"] for check in doctor(machine) if "wait in" in check["text"]] == [left]

    new.mkdir(parents=True, exist_ok=True)
    for file in old.iterdir():
        file.rename(new / file.name)
    assert len(machine.json("ingest")["rounds"]) == 1
    assert left not in [check["text"] for check in doctor(machine)]


def test_what_a_setup_did_is_undone_from_the_new_place(live: LiveMachine) -> None:
    machine = elsewhere(live)
    live.home.rename(machine.home)

    done = machine.json("uninstall")

    assert done["done"]
    assert not (machine.claude / "settings.json").exists()
    assert not (machine.claude / "hooks" / "opentraces").exists()
    assert (machine.home / "state" / "enrolled" / "claude-code").read_bytes() == b""
