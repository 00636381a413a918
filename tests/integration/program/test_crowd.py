"""Fifty processes at once over one home."""

import random
from pathlib import Path

from tests.integration.program.machine import Machine


def commands(machine: Machine, deleted: str) -> list[tuple[str, ...]]:
    """Return fifty commands: the same sessions and others, readers, cleaners, and a deletion."""
    sessions = sorted(machine.claude.glob("projects/*/*.jsonl"))
    some = [("import", str(path)) for path in sessions[:15]]
    whole = [("import", "--all")] * 22
    read = [("trace", "query", "--json"), ("bucket", "verify"), ("bucket", "status")] * 3
    clean = [("bucket", "gc"), ("ingest",), ("bucket", "repair")]
    return [*whole, *some, *read, *clean, ("trace", "delete", deleted, "--yes")]


def found_in(machine: Machine) -> list[str]:
    hits = machine.json("trace", "query", "error", "--limit", "1000")["hits"]
    return sorted(hit["trace_id"] for hit in hits)


def test_fifty_processes_keep_what_one_keeps(
    machine: Machine, imported: Machine, tmp_path: Path
) -> None:
    first = min(machine.claude.glob("projects/*/*.jsonl"))
    machine.json("import", str(first))
    [deleted] = machine.trace_ids()
    crowd = commands(machine, deleted)
    assert len(crowd) == 50
    random.Random(5).shuffle(crowd)

    processes = [machine.start(*each) for each in crowd]
    said = [
        (each, *process.communicate(timeout=300))
        for each, process in zip(crowd, processes, strict=True)
    ]

    assert [process.returncode for process in processes] == [0] * 50, said
    machine.json("import", "--all")
    assert machine.json("bucket", "verify", "--deep")["ok"]
    found = [trace for trace in found_in(imported) if trace != deleted]
    assert found_in(machine) == found
    expected = {trace: record for trace, record in imported.records().items() if trace != deleted}
    assert machine.records() == expected
    kept = imported.restored().items()
    assert machine.restored() == {name: file for name, file in kept if not name.startswith(deleted)}
