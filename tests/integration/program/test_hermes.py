"""Hermes' sessions through the whole program: valid in the public schema, and given back."""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from tests.hermes_agent import (
    DATA,
    Store,
    answer,
    batch_run,
    call,
    human,
    results,
    run,
    system,
    told,
)
from tests.integration.program.machine import Machine

ROWS = sorted(DATA.glob("*.jsonl"))
SESSION = "20261123_045433_ab12cd"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine", tmp_path / "claude")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


@pytest.fixture
def store(machine: Machine) -> Store:
    return Store(machine.root / ".hermes/state.db")


def records(machine: Machine) -> list[dict[str, Any]]:
    found = [json.loads(record) for record in machine.records().values()]
    for record in found:
        assert TraceRecord.model_validate(record).model_dump(mode="json") == record
        assert record["agent"]["name"] == "hermes"
    return found


def record_of(machine: Machine, prompt: str) -> dict[str, Any]:
    (record,) = (each for each in records(machine) if each["task"]["description"] == prompt)
    return record


def spoken(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for step in record["steps"] if step["role"] == "agent"]


# Rows of trajectories.


@pytest.mark.parametrize("path", ROWS, ids=lambda path: path.stem)
def test_each_row_becomes_a_record_and_comes_back(machine: Machine, path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)

    done = machine.json("import", str(path))
    kept = records(machine)

    assert (done["kept"], done["failed"], done["skipped"]) == (len(lines), [], [])
    assert done["lines"] == {"recognised": len(lines), "unknown": 0, "bad": 0}
    assert len(kept) == len(lines)
    restored = machine.restored().values()
    assert sorted(restored) == sorted(hashlib.sha256(line).hexdigest() for line in lines)
    again = machine.json("import", "--agent", "hermes", str(path))
    assert (again["kept"], again["unchanged"]) == (0, len(lines))


def test_what_a_run_says_is_in_its_record(machine: Machine) -> None:
    machine.json("import", str(DATA))
    record = record_of(machine, "fix the build")
    first, second, last = spoken(record)

    assert record["agent"]["model"] == "anthropic/claude-opus-4.6"
    assert first["reasoning_content"] == "What fails?\nThe Makefile."
    assert first["content"] == "I look at it first."
    assert first["tools_available"] == ["terminal", "read_file"]
    assert [each["tool_call_id"] for each in first["tool_calls"]] == ["call_a1", "call_a2"]
    assert first["tool_calls"][1]["input"] == {"path": "Makefile"}
    assert first["observations"][1]["content"] == "all:\n\tcc widget.c\n"
    assert second["reasoning_content"] is None
    assert second["observations"][0]["error"] == "Command timed out"
    assert (last["content"], last["reasoning_content"]) == ("It builds now.", "Done.")


def test_what_no_row_says_is_absent(machine: Machine) -> None:
    machine.json("import", str(DATA))
    for record in records(machine):
        assert record["timestamp_start"] is None
        assert datetime.fromisoformat(record["timestamp_end"]).tzinfo is None
        assert record["metrics"]["total_duration_s"] is None
        assert record["metrics"]["estimated_cost_usd"] is None
        assert record["environment"]["vcs"]["type"] == "none"
        assert "folders" not in record["metadata"]
        assert "usage" not in record["metadata"]["hermes"]
        assert record["metadata"]["limitations"] == ["local_time", "no_usage", "results_by_order"]
        assert {step["timestamp"] for step in record["steps"]} == {None}


def test_tags_in_arguments_and_calls_that_are_none(machine: Machine) -> None:
    machine.json("import", str(DATA))
    first, second = spoken(record_of(machine, "write a page about tags"))
    called, cut = spoken(record_of(machine, "look it up"))

    written = first["tool_calls"][0]["input"]["content"]
    assert written == "A call ends with </tool_call>\nand a thought with </think>."
    assert second["tool_calls"] == []
    assert second["content"].startswith("A call looks like this:\n<tool_call>\n{")
    assert called["tool_calls"][0]["input"] == {"input": "ls -l"}
    assert called["content"] == (
        '<tool_call>\n{"name": "web_search", "arguments": {"query": "wid\n</tool_call>'
    )
    assert cut["reasoning_content"] == "It was cut sh"


def test_a_batch_and_an_older_run_are_read(machine: Machine) -> None:
    machine.json("import", str(DATA))
    batch = record_of(machine, "count the files")["metadata"]["hermes"]

    assert (batch["prompt_index"], batch["api_calls"], batch["partial"]) == (0, 2, False)
    assert batch["tool_stats"] == {"terminal": {"count": 1, "success": 1, "failure": 0}}
    (older,) = spoken(record_of(machine, "add 2 and 2"))
    assert (older["content"], older["reasoning_content"]) == ("4", "It is 4.")


def test_results_are_paired_by_order_and_checked_by_name(machine: Machine, disk: Path) -> None:
    (disk / "runs.jsonl").write_bytes(
        run(
            human("pair"),
            answer("", call("a", {"n": 1}), call("b", {"n": 2}), call("a", {"n": 3})),
            results(("r1", "a", "first"), ("r3", "a", "third")),
            answer("", call("b", {})),
            results(("r4", "b", "fine"), ("r5", "c", "of nobody")),
        )
    )

    machine.json("import", str(disk))
    (record,) = records(machine)
    three, one = spoken(record)

    answers = {seen["source_call_id"]: seen for seen in three["observations"]}
    assert [each["tool_call_id"] for each in three["tool_calls"]][::2] == ["r1", "r3"]
    assert (answers["r1"]["content"], answers["r3"]["content"]) == ("first", "third")
    assert answers[three["tool_calls"][1]["tool_call_id"]]["error"] == "no_result"
    assert [seen["content"] for seen in one["observations"]] == ["fine"]
    assert record["metadata"]["hermes"]["unpaired_results"] == 1
    assert "of nobody" in record["steps"][-1]["content"]


def test_an_appended_file_adds_only_new_sessions(machine: Machine, disk: Path) -> None:
    file = disk / "trajectory_samples.jsonl"
    shutil.copy(DATA / file.name, file)
    machine.json("import", str(file))
    before = machine.records()
    with file.open("ab") as grown:
        grown.write(run(human("one more"), answer("Yes.")))

    done = machine.json("import", str(file))

    assert (done["kept"], done["unchanged"]) == (1, 2)
    after = machine.records()
    assert {trace: after[trace] for trace in before} == before
    file.with_suffix(".jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    done = machine.json("import", str(disk))
    assert done["failed"] == []
    assert machine.records() == after


def test_a_member_that_is_cut_short_is_reported_and_the_rows_before_it_are_kept(
    machine: Machine, disk: Path
) -> None:
    rows = [line for path in ROWS for line in path.read_bytes().splitlines(keepends=True)]
    packed = b"".join(gzip.compress(row) for row in rows)
    (disk / "all.jsonl.gz").write_bytes(packed[:-30])

    code, out, errors = machine.run("import", str(disk), "--json")
    done = json.loads(out)

    assert (code, done["kept"]) == (0, len(rows) - 1)
    assert [row["path"] for row in done["failed"]] == [f"{disk}/all.jsonl.gz#{len(rows)}"]
    assert "its last gzip member is cut short" in done["failed"][0]["reason"]
    assert b"its last gzip member is cut short" in errors
    (disk / "all.jsonl.gz").write_bytes(packed)
    assert machine.json("import", str(disk))["failed"] == []
    assert len(records(machine)) == len(rows)


def test_a_file_in_which_no_row_is_whole_is_none_of_hermes(machine: Machine, disk: Path) -> None:
    whole = run(human("hello"), answer("hello"))
    (disk / "runs.jsonl").write_bytes(whole.replace(b'"completed": true', b'"completed": tr'))

    code, _, errors = machine.run("import", str(disk / "runs.jsonl"), "--agent", "hermes")

    assert (code, b"no Hermes session in it" in errors) == (6, True)


def test_every_line_is_counted_and_none_is_lost(machine: Machine, disk: Path) -> None:
    lines = [
        run(human("a"), answer("b")),
        b'{"half": \n',
        b'{"type":"checkpoint","completed_prompts":[1]}\n',
        b"[" * 100_000 + b"]" * 100_000 + b"\n",
        run(human("deep"), {"from": "gpt", "value": call("t", {})}, {"from": "tool", "value": [1]}),
        b'{"conversations":' + b"[" * 900 + b"]" * 900 + b',"completed":true,"timestamp":0}\n',
        batch_run(1, {"from": "alien", "value": "hello"}, human("c"), answer("d")),
        run(human("giant"), answer("x" * (9 << 20))),
        run(system("t"), human("x" * (5 << 20)), answer("<tool_call>" * 200_000)),
    ]
    (disk / "runs.jsonl").write_bytes(b"".join(lines))

    code, out, _ = machine.run("import", str(disk), "--json")
    done = json.loads(out)

    assert code == 0
    assert done["lines"] == {"recognised": 6, "unknown": 1, "bad": 2}
    assert sum(done["lines"].values()) == len(lines)
    assert done["kept"] + len(done["failed"]) + len(done["skipped"]) == len(lines)
    assert sorted(row["path"] for row in done["failed"]) == [
        f"{disk}/runs.jsonl#{number}" for number in (2, 3, 4)
    ]
    records(machine)
    restored = list(machine.restored().values())
    assert {hashlib.sha256(lines[n]).hexdigest() for n in (0, 4, 6, 7, 8)} <= {*restored}


# The database.


def test_a_session_of_the_database_becomes_a_record(machine: Machine, store: Store) -> None:
    told(store)

    assert machine.json("import", "--all")["kept"] == 0
    done = machine.json("import", "--all", "--agent", "hermes")
    (record,) = records(machine)
    first, last = spoken(record)

    assert (done["kept"], done["failed"]) == (1, [])
    assert done["lines"] == {"recognised": 4, "unknown": 0, "bad": 0}
    assert record["session_id"] == SESSION
    assert record["timestamp_start"] == "2025-11-23T04:54:33.398000Z"
    assert record["timestamp_end"] == "2025-11-23T04:54:59.250000Z"
    assert record["environment"]["vcs"] == {
        "type": "git", "base_commit": None, "branch": "main", "diff": None,
    }  # fmt: skip
    assert record["metadata"]["folders"] == ["/home/dev/api"]
    assert record["metadata"]["title"] == "Fix the build"
    assert first["reasoning_content"] == "First run it."
    assert first["tool_calls"][0]["input"] == {"command": "make"}
    assert first["observations"][0]["error"] is None
    assert last["content"] == "It builds."
    metrics = record["metrics"]
    assert (metrics["total_input_tokens"], metrics["total_output_tokens"]) == (1200, 340)
    assert (metrics["total_cache_read_tokens"], metrics["total_cache_creation_tokens"]) == (
        5000,
        700,
    )
    assert record["metadata"]["hermes"]["usage"]["estimated_cost_usd"] == 0.125
    assert metrics["estimated_cost_usd"] == 0.125
    (used,) = machine.json("usage", "--by", "agent")["rows"]
    assert (used["key"], used["told_usd"], used["responses"]) == ("hermes", 0.125, 1)
    assert record["metadata"]["limitations"] == ["usage_per_session"]
    assert machine.json("import", "--all", "--agent", "hermes")["unchanged"] == 1


def test_a_session_that_goes_on_stays_one_trace(machine: Machine, store: Store) -> None:
    told(store)
    machine.json("import", "--agent", "hermes", "--all")
    (before,) = machine.records()
    store.say(SESSION, "user", "and test it")
    store.say(SESSION, "assistant", "Tested.")
    store.execute("UPDATE sessions SET output_tokens = 400, message_count = 6")

    done = machine.json("import", str(store.path))
    (record,) = records(machine)

    assert done["kept"] == 1
    assert (record["trace_id"], record["generation_index"]) == (before, 0)
    assert record["metrics"]["total_output_tokens"] == 400
    assert [step["content"] for step in record["steps"]][-2:] == ["and test it", "Tested."]


def test_a_compaction_keeps_what_it_set_aside_and_a_rewind_is_counted(
    machine: Machine, store: Store
) -> None:
    told(store)
    store.say(SESSION, "user", "no, take that back", active=0)
    machine.json("import", "--agent", "hermes", "--all")
    store.execute("UPDATE messages SET active = 0, compacted = 1 WHERE active = 1")
    store.say(SESSION, "user", "[CONTEXT SUMMARY]: it builds", _compressed_summary=1)
    store.say(SESSION, "assistant", "It builds.", finish_reason="stop", timestamp=1763873678.0)
    store.say(SESSION, "user", "thanks")

    machine.json("import", "--agent", "hermes", "--all")
    (record,) = records(machine)

    assert [(step["role"], step["content"]) for step in record["steps"]] == [
        ("user", "fix the build"),
        ("agent", "Looking."),
        ("agent", "It builds."),
        ("system", "[CONTEXT SUMMARY]: it builds"),
        ("agent", "It builds."),
        ("user", "thanks"),
    ]
    metadata = record["metadata"]
    assert metadata["hermes"]["rewound_messages"] == 1
    assert metadata["hermes"]["compacted_messages"] == 4
    assert metadata["compactions"] == [{"step_index": 4, "parent_lost": False}]
    assert [row["step_index"] for row in metadata["copied_steps"]] == [5]
    assert record["metrics"]["total_output_tokens"] == 340


def test_a_session_is_told_by_its_folder_and_its_parent(machine: Machine, store: Store) -> None:
    told(store)
    marks = json.dumps({"_delegate_from": SESSION})
    store.session("child", "/home/dev/web", parent_session_id=SESSION, model_config=marks)
    store.say("child", "user", "count")
    store.say("child", "assistant", "Two.")

    done = machine.json("import", "--agent", "hermes", "--project", "web")
    (record,) = records(machine)

    assert done["kept"] == 1
    assert record["metadata"]["hermes"]["parent_session_id"] == SESSION
    assert spoken(record)[0]["call_type"] == "subagent"
    assert machine.json("import", f"{store.path}#{SESSION}")["kept"] == 1


def test_a_damaged_database_loses_nothing_that_was_kept(machine: Machine, store: Store) -> None:
    told(store)
    machine.json("import", "--agent", "hermes", "--all")
    before = machine.records()
    store.close()
    with store.path.open("r+b") as file:
        file.write(b"\xff" * 100)

    code, out, errors = machine.run("import", "--agent", "hermes", "--all", "--json")

    assert code == 6
    assert [row["path"] for row in json.loads(out)["failed"]] == [str(store.path)]
    assert b"file is not a database" in errors
    assert machine.records() == before


def test_what_is_no_place_of_hermes_is_said_so(machine: Machine, disk: Path) -> None:
    (disk / "rows.jsonl").write_bytes(b'{"prompt":"not a session"}\n')

    for place, why in ((disk, b"no Hermes session in it"), (disk / "none", b"not there")):
        code, _, errors = machine.run("import", "--agent", "hermes", str(place))
        assert (code, why in errors) == (6, True)


def test_sqlite_is_imported_only_where_there_is_a_database(
    machine: Machine, store: Store, disk: Path
) -> None:
    told(store)
    shutil.copy(ROWS[0], disk)

    for place, is_opened in ((disk, False), (store.path, True)):
        machine.json("import", str(place))
        command = [sys.executable, "-X", "importtime", *machine.command[1:], "import", str(place)]
        idle = subprocess.run(
            command, env=machine.environment, capture_output=True, check=True, text=True
        )
        modules = {line.rpartition("|")[2].strip() for line in idle.stderr.splitlines()}
        assert ("sqlite3" in modules) is is_opened
        assert "pydantic" not in modules
