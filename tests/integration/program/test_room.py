"""The real program on a disk that has too little room."""

import json
import os
import shutil
from pathlib import Path

import pytest

from opentraces.application.head_room import LARGE
from tests.integration.program.machine import Machine
from tests.integration.program.media import OnMedium, small
from tests.memory_world import event_line
from tests.transcript_lines import answered, typed

SESSION = "0b7d6f3a-0000-4000-8000-000000000001"
DISK = 8 << 20


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with one session, in which a giant line packs well."""
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    transcript = machine.claude / "projects" / "-work-widgets" / f"{SESSION}.jsonl"
    transcript.parent.mkdir(parents=True)
    said = typed("Fix it", at=0, session=SESSION) + answered("Done", at=5, session=SESSION)
    transcript.write_bytes(said)
    os.truncate(transcript, LARGE)
    return machine


def written(errors: str, machine: Machine) -> list[str]:
    """Return the names of all files in the home, which the disk said at the end."""
    return [line for line in errors.splitlines() if line.startswith(str(machine.home))]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_large_import_is_refused_before_it_writes(
    options: tuple[str, ...], machine: Machine
) -> None:
    code, out, errors = small(machine, DISK).said("import", "--all", *options)

    assert (code, out, written(errors, machine)) == (5, b"", [])
    assert errors.startswith("opentraces: the import may need 54 MB, and there are 8.4 MB free")
    assert f"in {machine.home}; nothing was kept → make room" in errors


def test_a_worker_keeps_what_fits(machine: Machine) -> None:
    spool = machine.home / "spool" / "claude-code" / f"{SESSION}.jsonl"
    spool.parent.mkdir(parents=True)
    transcript = next(machine.claude.rglob("*.jsonl"))
    spool.write_bytes(event_line(SESSION, "Stop", transcript_path=str(transcript)))

    code, out, errors = small(machine, DISK).said("ingest", "--json")

    assert code == 0, errors
    assert json.loads(out)["rounds"][0]["imported"]["kept"] == 1
    assert [name for name in written(errors, machine) if name.endswith("trace.json")]


def test_a_small_import_keeps_what_fits(machine: Machine) -> None:
    os.truncate(next(machine.claude.rglob("*.jsonl")), LARGE - 1)

    code, out, _ = small(machine, DISK).said("import", "--all", "--json")

    assert (code, json.loads(out)["kept"]) == (0, 1)


def test_a_large_import_with_room_is_done(machine: Machine) -> None:
    assert machine.json("import", "--all")["kept"] == 1


def reprojected(imported: Machine, tmp_path: Path, room: int) -> tuple[Machine, OnMedium]:
    machine = Machine(tmp_path / "kept", imported.claude)
    shutil.copytree(imported.home, machine.home)
    files = [path for path in machine.home.rglob("*") if path.is_file()]
    held = sum(-(-path.stat().st_size // 4096) * 4096 for path in files)
    return machine, small(machine, held + room)


def test_making_steps_again_is_refused_before_it_writes(imported: Machine, tmp_path: Path) -> None:
    machine, disk = reprojected(imported, tmp_path, 1 << 16)
    before = sorted(str(path) for path in machine.home.rglob("*") if path.is_file())

    code, out, errors = disk.said("bucket", "repair", "--reproject", "--json")

    assert (code, out) == (5, b"")
    assert "of room may be needed, and " in errors
    assert "are free: nothing was done" in errors
    assert sorted(written(errors, machine)) == before


def test_making_steps_again_with_room_is_done(imported: Machine, tmp_path: Path) -> None:
    _, disk = reprojected(imported, tmp_path, 32 << 20)

    assert disk.said("bucket", "repair", "--reproject", "--json")[0] == 0
