"""Repairs that are killed, and repairs beside imports: the real program, as processes."""

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.locks import Locks
from tests.integration.program.machine import Machine
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.machines import DamagedMachine, damage

KILLED = 3
SEED = 4


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> DamagedMachine:
    """A machine with a damaged bucket; only to be copied."""
    return DamagedMachine.made(tmp_path_factory.mktemp("damaged"))


def test_a_killed_one_is_run_again(damaged: DamagedMachine, tmp_path: Path) -> None:
    assert damaged.kill_repairs(KILLED, SEED, tmp_path) == []


def test_a_trace_is_waited_for(damaged: DamagedMachine, tmp_path: Path) -> None:
    machine = damaged.copy(tmp_path / "copy")
    [folder] = (machine.bucket / "traces" / "v1").glob("*/626dc97c*")
    with closing(Locks(machine.home / "state").hold(folder.name, wait=True)):
        process = machine.start("bucket", "repair")
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(timeout=2)
    process.communicate(timeout=60)

    assert process.returncode == 0


def test_index_and_ledger_are_found_again_by_their_name(
    damaged: DamagedMachine, tmp_path: Path
) -> None:
    machine = damaged.copy(tmp_path / "copy")
    before = machine.home / "index"
    name = next(before.glob("*/bucket_id")).read_text()

    assert machine.json("bucket", "repair")["searchable"] is True
    assert f'"bucket_id":"{name}"' in (machine.bucket / "bucket.json").read_text()
    found = machine.json("trace", "query", "calc")["hits"]
    assert found
    assert machine.json("doctor", "--deep")["ok"]


def test_beside_imports_all_ends_as_one_import_would(
    damaged: DamagedMachine, tmp_path: Path
) -> None:
    claude = tmp_path / "claude"
    machine = Machine(tmp_path / "machine", claude)
    shutil.copytree(damaged.machine.claude, claude)
    transcripts = sorted(claude.rglob("*.jsonl"))
    whole = {path: path.read_bytes() for path in transcripts}
    for path, data in whole.items():
        path.write_bytes(b"".join(data.splitlines(keepends=True)[:-2]))
    machine.json("import", "--all")
    damage(machine.bucket)
    (machine.bucket / "bucket.json").unlink()
    assert machine.run("bucket", "repair")[0] == 0
    damage(machine.bucket)
    assert machine.run("bucket", "repair", "--dry-run")[0] == 1

    for path, data in whole.items():
        path.write_bytes(data)
    processes = [machine.start(*words) for words in (("bucket", "repair"), ("import", "--all")) * 2]
    for process in processes:
        process.communicate(timeout=120)
    assert machine.run("bucket", "repair")[0] == 0
    machine.json("import", "--all")

    other = Machine(tmp_path / "other", claude)
    other.json("import", "--all")
    assert KeptHome(machine.home).problems() == set()
    assert KeptHome(machine.home).all_kept() == KeptHome(other.home).all_kept()
    assert (
        machine.json("trace", "query", "the")["total"]
        == other.json("trace", "query", "the")["total"]
    )
