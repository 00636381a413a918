"""Bytes of old sessions that are let go: the real program over real sessions."""

import shutil
from pathlib import Path

import pytest

from tests.integration.program.machine import Machine, tree

DATA = Path(__file__).parents[2] / "data" / "claude-code"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine on which sessions were kept, for a day after their end."""
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    for name in ("edit_commit", "subagent"):
        shutil.copytree(DATA / name / "projects", machine.claude / "projects", dirs_exist_ok=True)
    machine.json("import", "--all")
    (machine.home / "config.toml").write_text(
        "[retention]\nkeep_raw_days = 1\n[gc]\ngrace_days = 0\n"
    )
    return machine


def sources_of(record: bytes) -> bytes:
    """Return a record without what says where its bytes are, and without its digest."""
    return record.split(b'"sources":')[0].split(b'"content_hash":')[0]


def test_old_files_go_and_their_traces_stay(machine: Machine, tmp_path: Path) -> None:
    before, ids = machine.records(), machine.trace_ids()
    found = machine.json("trace", "query", "file")["total"]
    plan = machine.json("bucket", "gc", "--dry-run")["garbage"]["raw"]
    assert machine.json("bucket", "verify")["ok"]
    files = tree(machine.bucket)

    done = machine.json("bucket", "gc")["garbage"]["raw"]

    assert plan == done
    assert done["number"] == sum(len(tree(machine.claude)) for _ in (0,))
    assert not list(machine.bucket.rglob("source-*.zst"))
    assert not list((machine.bucket / "blobs").rglob("*.zst"))
    assert len(tree(machine.bucket)) < len(files)
    assert machine.json("bucket", "verify", "--deep")["ok"]
    assert machine.json("trace", "query", "file")["total"] == found
    assert machine.trace_ids() == ids
    after = machine.records()
    assert [record.count(b'"released":true') > 0 for record in after.values()] == [True, True]
    assert all(b'"released"' not in record for record in before.values())
    code, out, errors = machine.run("trace", "restore", ids[0], "--to", str(tmp_path / "back"))
    assert (code, out) == (3, b"")
    assert b"retention.keep_raw_days" in errors
    assert not (tmp_path / "back").exists()


def test_all_that_looks_after_a_bucket_leaves_such_traces_as_they_are(machine: Machine) -> None:
    machine.json("bucket", "gc")
    before = machine.records()

    assert machine.json("import", "--all")["kept"] == 0
    shutil.rmtree(machine.home / "state")
    again = machine.json("import", "--all")
    assert (again["kept"], again["unchanged"]) == (0, 2)
    for arguments in (("bucket", "repair"), ("bucket", "repair", "--reproject"), ("bucket", "gc")):
        machine.json(*arguments)
        assert machine.records() == before
    shutil.rmtree(machine.home / "index")
    assert machine.records() == before
    assert machine.json("bucket", "verify", "--deep")["ok"]


def test_damaged_steps_are_left_for_nothing_can_make_them_again(machine: Machine) -> None:
    machine.json("bucket", "gc")
    [steps, *_] = sorted(machine.bucket.rglob("steps*"))
    whole = steps.read_bytes()
    damaged = whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]
    steps.write_bytes(damaged)

    code, out, _ = machine.run("bucket", "repair")

    assert code == 1
    assert b"its bytes were released" in out
    assert steps.read_bytes() == damaged


def test_a_snapshot_follows(machine: Machine, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    machine.json("bucket", "snapshot", "--to", str(copy))
    machine.json("bucket", "gc")

    said = machine.json("bucket", "snapshot", "--to", str(copy))

    assert said["left_out"] == []
    assert not list(copy.rglob("source-*.zst"))


def test_a_session_that_goes_on_is_whole_again(machine: Machine, tmp_path: Path) -> None:
    machine.json("bucket", "gc")
    for transcript in machine.claude.glob("projects/*/*.jsonl"):
        last = transcript.read_bytes().splitlines(keepends=True)[-1]
        with transcript.open("ab") as file:
            file.write(last)

    assert machine.json("import", "--all")["kept"] == 2

    fresh = Machine(tmp_path / "fresh", machine.claude)
    fresh.json("import", "--all")
    assert machine.records() == fresh.records()
    assert machine.restored() == fresh.restored()
