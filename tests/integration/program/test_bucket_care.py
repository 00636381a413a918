"""The bucket is cleaned and copied by the real program, while it imports."""

import os
import random
import shutil
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest

from opentraces.domain.address import parse_address
from opentraces.domain.skipping import DELETED
from opentraces.entrypoints.cli.documents.trace import gotten_bytes
from opentraces.entrypoints.container import catching_up, keeping, reading, restoring
from opentraces.entrypoints.settings import Settings
from tests.integration.program.machine import Machine, tree
from tests.memory_world import event_line
from tests.transcript_lines import answered, typed

SESSIONS = [f"{number:08x}-57a1-4c39-9d3e-2f6a1c7e9b04" for number in range(3)]


def at_once(machine: Machine) -> Machine:
    """Let garbage go however short a time it lies."""
    machine.home.mkdir(parents=True, exist_ok=True)
    (machine.home / "config.toml").write_text("[gc]\ngrace_days = 0\n")
    return machine


def test_garbage_is_collected_beside_imports_that_are_killed(
    machine: Machine, imported: Machine
) -> None:
    chance = random.Random(3)
    at_once(machine)
    for _ in range(4):
        process = machine.start("import", "--all")
        cleaning = machine.start("bucket", "gc", "--json")
        time.sleep(chance.uniform(0.2, 0.9))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        out, errors = cleaning.communicate(timeout=300)
        assert (cleaning.returncode, errors) == (0, b""), out

    machine.json("import", "--all")
    found = machine.json("bucket", "gc")

    assert found["problems"] == []
    assert records(machine) == records(imported)
    assert machine.json("bucket", "verify", "--deep")["ok"]
    again = machine.json("bucket", "gc")["garbage"]
    assert {kind: heap["number"] for kind, heap in again.items()} == dict.fromkeys(again, 0)


def test_a_copy_is_a_home(imported: Machine, tmp_path: Path) -> None:
    copy = Machine(tmp_path, imported.claude)

    taken = imported.json("bucket", "snapshot", "--to", str(copy.home))

    assert taken["traces"] == taken["written"] == len(imported.trace_ids())
    assert copy.json("bucket", "verify", "--deep")["ok"]
    assert tree(copy.bucket) == tree(imported.bucket)
    trace = imported.trace_ids()[0]
    assert copy.record(trace) == imported.record(trace)
    copy.json("trace", "restore", trace, "--to", str(tmp_path / "back"))
    assert tree(tmp_path / "back")
    queries = ("error", "tool:Edit file:*.py", "")
    assert [found(copy, query) for query in queries] == [found(imported, q) for q in queries]
    assert copy.json("import", "--all")["kept"] == 0


def test_what_has_changed_is_found_in_the_copy(machine: Machine, tmp_path: Path) -> None:
    agent = tmp_path / "agent"
    machine = Machine(machine.root, agent)
    copy = Machine(tmp_path / "copy", agent)
    write(agent, SESSIONS[0], 0, 1)
    write(agent, SESSIONS[1], 0, 1)
    machine.json("import", "--all")
    machine.json("bucket", "snapshot", "--to", str(copy.home))
    assert found(copy, "question") == 2
    write(agent, SESSIONS[0], 1, 2)
    write(agent, SESSIONS[2], 0, 2)
    machine.json("import", "--all")
    machine.json("trace", "delete", SESSIONS[1], "--yes")

    taken = machine.json("bucket", "snapshot", "--to", str(copy.home))

    assert (taken["written"], taken["unchanged"], taken["deleted"]) == (2, 0, 1)
    assert (found(copy, "question"), found(copy, "q1")) == (2, 2)
    assert records(copy) == records(machine)
    assert [left["reason"] for left in copy.json("import", "--all")["skipped"]] == [DELETED]


def test_a_damaged_trace_is_left_out_and_all_others_are_there(
    imported: Machine, tmp_path: Path
) -> None:
    machine, copy = Machine(tmp_path / "hurt", imported.claude), Machine(tmp_path, imported.claude)
    shutil.copytree(imported.home, machine.home)
    hurt, *others = machine.trace_ids()
    steps = next(machine.bucket.glob(f"traces/v1/*/{hurt}/steps.jsonl.gz"))
    steps.write_bytes(b"x" + steps.read_bytes()[1:])

    code, out, _ = machine.run("bucket", "snapshot", "--to", str(copy.home), "--json")

    assert code == 4
    assert [each["trace_id"] for each in orjson.loads(out)["left_out"]] == [hurt]
    assert copy.trace_ids() == others
    assert copy.json("bucket", "verify", "--deep")["ok"]


def test_a_place_of_somebody_is_not_touched(imported: Machine, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    code, _, errors = imported.run("bucket", "snapshot", "--to", str(tmp_path))

    assert code == 2
    assert b"mine.txt is no part of a snapshot" in errors
    assert tree(tmp_path).keys() == {"mine.txt"}


@pytest.mark.parametrize("worker", ["import --all", "ingest"])
@pytest.mark.parametrize("is_killed", [False, True])
def test_copies_that_are_taken_while_sessions_grow_are_whole(
    tmp_path: Path, worker: str, is_killed: bool
) -> None:
    """Each trace in a copy is what an import of its restored files keeps."""
    agent = tmp_path / "agent"
    machine, copy = Machine(tmp_path / "machine", agent), Machine(tmp_path / "copy", agent)
    chance = random.Random(9)
    for number in range(4):
        for session in SESSIONS:
            write(agent, session, number * 20, number * 20 + 20)
            stop(machine, session)
        working = machine.start(*worker.split())
        if number == 0:
            working.communicate(timeout=300)
        copying = machine.start("bucket", "snapshot", "--to", str(copy.home))
        if is_killed:
            time.sleep(chance.uniform(0.1, 0.6))
            os.killpg(copying.pid, signal.SIGKILL)
        _, errors = copying.communicate(timeout=300)
        assert is_killed or (copying.returncode, errors) == (0, b"")
        working.communicate(timeout=300)
        if (copy.bucket / "bucket.json").exists():
            assert_is_a_state(copy, agent)

    machine.json("import", "--all")
    machine.json("bucket", "snapshot", "--to", str(copy.home))
    assert records(copy) == records(machine)
    assert_is_a_state(copy, agent)


def stop(machine: Machine, session: str) -> None:
    """Write down, as a hook does, that the agent has stopped."""
    transcript = transcript_of(machine.claude, session)
    place = machine.home / "spool" / "claude-code" / f"{session}.jsonl"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("ab") as file:
        file.write(event_line(session, "Stop", transcript_path=str(transcript)))


def transcript_of(agent: Path, session: str) -> Path:
    return agent / "projects" / "-work-widgets" / f"{session}.jsonl"


def write(agent: Path, session: str, first: int, last: int) -> None:
    """Let the agent write some questions and answers."""
    file = transcript_of(agent, session)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as lines:
        for number in range(first, last):
            name, at = f"{session[:8]}-{number}", 10 * number
            asked = f"question q{number} of {name}"
            lines.write(typed(asked, at=at, uuid=f"u{name}", session=session))
            lines.write(answered(f"answer to {name}", at=at, uuid=f"a{name}", session=session))


def records(machine: Machine) -> dict[str, bytes]:
    """Return every record, as the program reads it, without a process for each."""
    settings = settings_of(machine)
    if reading.is_marked(settings):
        catching_up.catch_up(settings).execute()
    get = reading.get_trace(settings)
    ids = reading.traces(settings).ids()
    return {trace: gotten_bytes(get.execute(parse_address(trace))) for trace in ids}


def settings_of(machine: Machine) -> Settings:
    return Settings.from_environment(machine.environment)


def assert_is_a_state(copy: Machine, agent: Path) -> None:
    """Compare each trace of a copy with an import of the files that it gives back."""
    settings = settings_of(copy)
    assert keeping.keeper(settings).verify(deep=True).problems == ()
    with TemporaryDirectory() as folder:
        fresh = Machine(Path(folder), Path(folder) / "agent")
        for trace in reading.traces(settings).ids():
            destination = restoring.destination(fresh.claude)
            restoring.restore_trace(settings).execute(trace, destination)
        for file in fresh.claude.rglob("projects/*/*.jsonl"):
            whole = agent / file.relative_to(fresh.claude)
            assert whole.read_bytes().startswith(file.read_bytes())
        for events in fresh.claude.rglob("hooks/*.jsonl"):
            place = fresh.home / "spool" / "claude-code" / events.name
            place.parent.mkdir(parents=True, exist_ok=True)
            events.rename(place)
        if fresh.claude.exists():
            fresh.json("import", "--all")
            assert records(fresh) == records(copy)


def found(machine: Machine, query: str) -> int:
    return int(machine.json("trace", "query", query)["total"])
