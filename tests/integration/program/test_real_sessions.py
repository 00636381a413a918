"""Every session of the real clients: valid in the public schema, and given back byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest
from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from tests.integration.program.machine import Machine, tree

DATA = Path(__file__).parents[2] / "data" / "claude-code"
FOLDERS = sorted(path.name for path in DATA.iterdir() if (path / "projects").is_dir())


@pytest.mark.parametrize("folder", FOLDERS)
def test_sessions_become_records_and_come_back(folder: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine", DATA / folder)
    transcripts = sorted(path.stem for path in (DATA / folder).glob("projects/*/*.jsonl"))

    done = machine.json("import", "--all")
    records = [json.loads(record) for record in machine.records().values()]

    assert (done["kept"], done["failed"], done["skipped"]) == (len(transcripts), [], [])
    assert done["lines"]["unknown"] == done["lines"]["bad"] == 0
    assert sorted(record["session_id"] for record in records) == transcripts
    for record in records:
        assert_is_of_the_public_schema(record)
    machine.restored()
    assert restored_tree(machine) == tree(DATA / folder / "projects")


def assert_is_of_the_public_schema(record: dict[str, Any]) -> None:
    again = TraceRecord.model_validate(record).model_dump(mode="json")
    assert again == record
    assert record["agent"]["name"] == "claude-code"


def restored_tree(machine: Machine) -> dict[str, str]:
    """Return what was restored of all traces, by the path in the agent's own folder."""
    files: dict[str, str] = {}
    for trace in (machine.root / "restored").iterdir():
        files |= tree(trace / "projects")
    return files
