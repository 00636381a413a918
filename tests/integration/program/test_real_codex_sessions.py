"""Every session of the real Codex CLI: valid in the public schema, and given back byte for byte."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import zstandard
from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from tests.integration.program.machine import Machine, tree

DATA = Path(__file__).parents[2] / "data"
FOLDERS = sorted(path.name for path in (DATA / "codex-cli").iterdir() if path.is_dir())
DAY = "sessions/2026/11/23"


def machine_with(tmp_path: Path, *folders: str) -> Machine:
    """Return a machine on which Codex left these sessions, and Claude Code none."""
    codex = tmp_path / "codex"
    (codex / DAY).mkdir(parents=True)
    for folder in folders:
        for path in (DATA / "codex-cli" / folder).glob("rollout-*.jsonl"):
            shutil.copy(path, codex / DAY)
    return Machine(tmp_path / "machine", tmp_path / "claude", codex)


def records(machine: Machine) -> list[dict[str, Any]]:
    return [json.loads(record) for record in machine.records().values()]


@pytest.mark.parametrize("folder", FOLDERS)
def test_sessions_become_records_and_come_back(folder: str, tmp_path: Path) -> None:
    machine = machine_with(tmp_path, folder)
    left = tree(tmp_path / "codex")

    done = machine.json("import", "--all")
    kept = records(machine)

    assert (done["kept"], done["failed"], done["skipped"]) == (len(left), [], [])
    assert done["lines"]["unknown"] == done["lines"]["bad"] == 0
    assert sorted(record["session_id"] for record in kept) == sorted(
        Path(name).stem[-36:] for name in left
    )
    for record in kept:
        assert TraceRecord.model_validate(record).model_dump(mode="json") == record
        assert record["agent"]["name"] == "codex-cli"
    assert {name.partition("/")[2]: digest for name, digest in machine.restored().items()} == left
    assert machine.json("import", "--all")["unchanged"] == len(left)


def test_a_resumed_session_goes_on_in_its_trace(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "resume1")
    machine.json("import", "--all")
    (before,) = machine.records()
    shutil.copy(next((DATA / "codex-cli/resume2").glob("rollout-*")), tmp_path / "codex" / DAY)

    done = machine.json("import", "--all")
    (record,) = records(machine)

    assert done["kept"] == 1
    assert record["trace_id"] == before
    assert record["generation_index"] == 0
    assert record["metrics"]["total_output_tokens"] == 88


def test_a_session_that_was_compressed_or_archived_is_no_other_one(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "edit")
    machine.json("import", "--all")
    before = machine.records()
    (plain,) = (tmp_path / "codex" / DAY).iterdir()
    archived = tmp_path / "codex/archived_sessions" / f"{plain.name}.zst"
    archived.parent.mkdir()
    archived.write_bytes(zstandard.compress(plain.read_bytes()))
    plain.unlink()

    done = machine.json("import", "--all")

    assert (done["kept"], done["failed"]) == (0, [])
    assert machine.records() == before


def test_a_compressed_session_comes_back_as_its_lines(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "codemode")
    left = tree(tmp_path / "codex")
    (plain,) = (tmp_path / "codex" / DAY).iterdir()
    plain.with_suffix(".jsonl.zst").write_bytes(zstandard.compress(plain.read_bytes()))
    plain.unlink()

    machine.json("import", "--all")

    assert {name.partition("/")[2]: digest for name, digest in machine.restored().items()} == left


def test_a_sub_agent_and_a_fork_name_whom_they_come_from(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "subagent_v2", "resume2", "fork")
    machine.json("import", "--all")
    found = {record["session_id"][-12:]: record for record in records(machine)}

    child, parent = found["e96443abdf6b"], found["a530ce03c8d5"]
    assert child["metadata"]["codex_cli"]["parent_thread_id"] == parent["session_id"]
    starts = [step["subagent_trajectory_ref"] for step in parent["steps"]]
    assert [each for each in starts if each] == [child["session_id"]]
    fork, base = found["ce28fb43730e"], found["5656d8447eaa"]
    assert fork["metadata"]["codex_cli"]["forked_from"] == base["session_id"]


def test_sessions_of_both_agents_are_kept_or_of_one(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "edit", "legacy120")
    shutil.copytree(DATA / "claude-code/edit_commit", tmp_path / "claude")

    assert machine.json("import", "--all", "--agent", "codex-cli")["kept"] == 2
    assert machine.json("import", "--all", "--agent", "claude-code")["kept"] == 1
    assert machine.json("import", "--all")["unchanged"] == 3
    hits = machine.json("trace", "query", "agent:codex")["hits"]
    assert len(hits) == 2


def test_a_path_may_hold_sessions_of_any_agent(tmp_path: Path) -> None:
    machine = machine_with(tmp_path)
    disk = tmp_path / "disk"
    shutil.copytree(DATA / "claude-code/edit_commit", disk / "claude")
    shutil.copytree(DATA / "codex-cli/plan", disk / "codex")
    (rollout,) = (disk / "codex").glob("rollout-*")

    assert machine.json("import", str(rollout))["kept"] == 1
    assert [record["agent"]["name"] for record in records(machine)] == ["codex-cli"]
    done = machine.json("import", str(disk))
    assert (done["kept"], done["unchanged"], done["failed"]) == (1, 1, [])
    code, _, errors = machine.run("import", str(disk / "codex/hooks.jsonl"), "--agent", "codex-cli")
    assert (code, b"no Codex session in it" in errors) == (6, True)


def test_nothing_recognised_is_reported_with_the_file(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "edit")
    name = "rollout-2026-11-23T05-00-00-01a206c2-0000-7000-8000-000000000001.jsonl"
    (tmp_path / "codex" / DAY / name).write_bytes(b'{"kind":"item","v":2}\n' * 5)

    done = machine.json("import", "--all")

    assert done["kept"] == 1
    assert [row["path"].endswith(name) for row in done["failed"]] == [True]
    assert "no line of it was recognised" in done["failed"][0]["reason"]


def test_doctor_counts_what_is_not_kept(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "edit", "plan")

    def said() -> list[tuple[str, str]]:
        _, out, _ = machine.run("doctor", "--json")
        rows = json.loads(out)["checks"]
        return [(row["level"], row["text"]) for row in rows if row["topic"] == "codex-cli"]

    assert ("warn", "2 sessions on this machine, none of them kept") in said()
    machine.json("import", "--all")
    assert ("ok", "2 sessions on this machine, all of them kept") in said()
