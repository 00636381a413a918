"""The real program over files of a clock that was far ahead, or far behind, and was set right."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.hooks.workers import Workers
from tests.integration.program.machine import Machine, tree
from tests.integration.program.test_bucket_care import SESSIONS, records, stop, write

pytestmark = pytest.mark.usefixtures("workers")

DAY_S = 86_400
AHEAD = int(time.time()) + 50 * 365 * DAY_S
BEHIND = DAY_S


def date(folder: Path, moment: int) -> None:
    """Let everything in a folder have been changed at a moment."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (moment, moment), follow_symlinks=False)


@pytest.fixture(params=[AHEAD, BEHIND], ids=["ahead", "behind"])
def moment(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def machine(tmp_path: Path, moment: int) -> Machine:
    """A machine whose clock was wrong when two sessions were kept, and events of a third came."""
    machine = Machine(tmp_path / "machine", tmp_path / "agent")
    for session in SESSIONS:
        write(machine.claude, session, 0, 3)
    machine.json("import", *map(str, transcripts(machine, SESSIONS[:2])))
    stop(machine, SESSIONS[2])
    for folder in (machine.home, machine.claude):
        date(folder, moment)
    return machine


def transcripts(machine: Machine, sessions: list[str]) -> Iterator[Path]:
    return (next(machine.claude.rglob(f"{session}.jsonl")) for session in sessions)


def assert_all_is_kept(machine: Machine) -> None:
    """Compare what is given back with the agent's own files, and look at every byte."""
    back = {name.partition("/")[2]: digest for name, digest in machine.restored().items()}
    assert back.items() >= tree(machine.claude).items()
    assert machine.json("bucket", "verify", "--deep")["ok"]
    assert machine.json("trace", "query", "question")["total"] == len(SESSIONS)


def test_sessions_go_on_and_nothing_is_kept_twice(machine: Machine) -> None:
    before = records(machine)

    first = machine.json("import", "--all")
    for session in SESSIONS:
        write(machine.claude, session, 3, 5)
    second, third = machine.json("import", "--all"), machine.json("import", "--all")

    assert (first["kept"], first["unchanged"]) == (1, 2)
    assert (second["kept"], third["kept"], third["unchanged"]) == (3, 0, 3)
    assert records(machine).keys() > before.keys()
    assert_all_is_kept(machine)
    assert list((machine.home / "state" / "dirty").iterdir()) == []


def test_events_are_taken_up_by_whatever_command_comes(machine: Machine, workers: Workers) -> None:
    spool = machine.home / "spool" / "claude-code"
    assert len(list(spool.iterdir())) == 1

    machine.json("bucket", "status")

    workers.wait()
    assert list(spool.iterdir()) == []
    assert len(records(machine)) == len(SESSIONS)


def test_a_worker_takes_up_its_session(machine: Machine) -> None:
    done = machine.json("ingest", "--session", SESSIONS[2])

    assert [each["imported"]["kept"] for each in done["rounds"]] == [1]


def test_a_copy_is_brought_up_to_date(machine: Machine, tmp_path: Path) -> None:
    shutil.rmtree(machine.home / "spool")  # else a worker is at it, too
    copy = Machine(tmp_path / "copy", machine.claude)
    machine.json("bucket", "snapshot", "--to", str(copy.home))
    date(copy.home, BEHIND)
    write(machine.claude, SESSIONS[0], 3, 5)
    machine.json("import", "--all")
    machine.json("trace", "delete", SESSIONS[1], "--yes")

    taken = machine.json("bucket", "snapshot", "--to", str(copy.home))

    assert (taken["written"], taken["deleted"]) == (2, 1)
    assert tree(copy.bucket) == tree(machine.bucket)


def test_garbage_goes_when_it_has_lain_and_not_before(machine: Machine, moment: int) -> None:
    shutil.rmtree(machine.home / "spool")
    kept = tree(machine.bucket)
    blob = machine.bucket / "blobs" / "v1" / "00" / f"{0:064x}.zst"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"lone")
    lone = (blob, Path(shutil.copy(blob, machine.home / "state" / "cursors.tmp")))
    for file in lone:
        os.utime(file, (moment, moment))

    gone = [machine.json("bucket", "gc")["garbage"]]
    for file in lone if moment == AHEAD else ():  # dated at the first look, it lies for a week
        assert abs(file.stat().st_mtime - time.time()) < DAY_S
        os.utime(file, (time.time() - 8 * DAY_S,) * 2)
    gone.append(machine.json("bucket", "gc")["garbage"])

    numbers = [(each["blobs"]["number"], each["temporary"]["number"]) for each in gone]
    assert numbers == ([(0, 0), (1, 1)] if moment == AHEAD else [(1, 1), (0, 0)])
    assert not any(file.exists() for file in lone)
    assert tree(machine.bucket) == kept


def test_what_is_looked_at_keeps_its_time(machine: Machine) -> None:
    shutil.rmtree(machine.home / "spool")
    before = {path: path.stat().st_mtime for path in machine.home.rglob("*")}

    machine.json("bucket", "gc", "--dry-run")

    assert {path: path.stat().st_mtime for path in before} == before


def test_hooks_find_what_is_enrolled(machine: Machine, moment: int) -> None:
    repository = machine.root / "widgets"
    (repository / ".git").mkdir(parents=True)
    machine.json("bucket", "status")
    lists = machine.home / "state" / "enrolled" / "claude-code"
    projects = machine.home / "projects.json"
    enrol(machine, repository)
    for file in (projects, lists):
        os.utime(file, (moment, moment))

    enrol(machine, machine.root / "notes")

    assert lists.read_text().splitlines() == sorted(map(str, (repository, machine.root / "notes")))
    assert lists.stat().st_mtime_ns == projects.stat().st_mtime_ns


def enrol(machine: Machine, folder: Path) -> None:
    """Run `init` in a folder."""
    folder.mkdir(exist_ok=True)
    command, told = [*machine.command, "init"], machine.environment
    done = subprocess.run(command, cwd=folder, env=told, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
