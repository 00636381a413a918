"""An import, whatever becomes of the process and of what is derived."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import orjson
import pytest

from tests.integration.program.machine import Machine, tree

KILLS = 8


def test_second_import_changes_not_one_byte_of_the_bucket(machine: Machine) -> None:
    first = machine.json("import", "--all")
    before = tree(machine.bucket)

    second = machine.json("import", "--all")
    shutil.rmtree(machine.home / "state")
    third = machine.json("import", "--all")

    assert first["kept"] == second["unchanged"] == third["unchanged"] > 25
    assert (second["kept"], third["kept"]) == (0, 0)
    assert tree(machine.bucket) == before


def test_all_that_is_kept_is_for_its_owner_alone(machine: Machine) -> None:
    machine.json("import", "--all")

    modes = {path.is_dir(): set[int]() for path in machine.home.rglob("*")}
    for path in (machine.home, *machine.home.rglob("*")):
        modes[path.is_dir()].add(path.stat().st_mode & 0o777)
    assert modes == {True: {0o700}, False: {0o600}}


def test_killed_imports_then_one_more_keep_what_one_import_keeps(
    machine: Machine, imported: Machine
) -> None:
    chance = random.Random(5)
    for _ in range(KILLS):
        process = machine.start("import", "--all")
        time.sleep(chance.uniform(0.05, 0.9))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    machine.json("import", "--all")

    assert machine.records() == imported.records()
    assert machine.restored() == imported.restored()
    assert machine.json("bucket", "verify", "--deep")["ok"]


@pytest.mark.parametrize("harm", ["deleted", "cut", "emptied", "foreign"])
def test_harmed_index_gives_the_same_answers(harm: str, imported: Machine, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "copy", imported.claude)
    shutil.copytree(imported.home, machine.home)
    expected = answers(imported)

    harm_index(machine.home / "index", harm)

    assert answers(machine) == expected


def test_damage_stays_where_it_is(imported: Machine, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "copy", imported.claude)
    shutil.copytree(imported.home, machine.home)
    hurt, *others = machine.trace_ids()
    flip(next(machine.bucket.glob(f"traces/v1/*/{hurt}/steps.jsonl.gz")))

    assert machine.run("trace", "get", hurt, "--json")[0] == 4
    assert {trace: machine.record(trace) for trace in others[:3]} == {
        trace: imported.record(trace) for trace in others[:3]
    }
    code, out, _ = machine.run("bucket", "verify", "--json")
    assert code == 1
    assert {problem["trace_id"] for problem in orjson.loads(out)["problems"]} == {hurt}


def test_damaged_description_of_the_bucket_is_named(imported: Machine, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "copy", imported.claude)
    shutil.copytree(imported.home, machine.home)
    flip(machine.bucket / "bucket.json")

    assert machine.run("trace", "query", "error")[0] == 4
    code, out, _ = machine.run("bucket", "verify", "--json")
    assert code == 1
    assert [problem["path"] for problem in orjson.loads(out)["problems"]] == ["bucket.json"]


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def answers(machine: Machine) -> list[object]:
    """Return what some queries find, scores left out."""
    queries = ("error", '"def "', "agent:claude-code -error", "tool:Edit file:*.py")
    hits = [machine.json("trace", "query", query, "--limit", "9") for query in queries]
    return [
        (answer["total"], [(hit["trace_id"], hit["matches"]) for hit in answer["hits"]])
        for answer in hits
    ]


def found(machine: Machine, query: str) -> int:
    return int(machine.json("trace", "query", query)["total"])


def harm_index(index: Path, harm: str) -> None:
    if harm == "deleted":
        shutil.rmtree(index)
        return
    files = [path for path in index.rglob("*") if path.is_file() and path.stat().st_size > 8]
    if harm == "foreign":
        for path in files:
            path.write_bytes(b"something else altogether")
        return
    for path in files:
        size = path.stat().st_size
        os.truncate(path, 0 if harm == "emptied" else size * 2 // 3)
