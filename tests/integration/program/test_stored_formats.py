"""What earlier releases left is read, given back and continued: see tests/data/buckets."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.machine import Machine, tree

DATA = Path(__file__).parents[2] / "data"
BUCKETS = DATA / "buckets"
LIVE = DATA / "claude-code" / "live"
RESUME = DATA / "claude-code" / "resume"

GROWN = "f9e71a6d-56e7-4aeb-b326-6f16b6e195d4"
AMENDED = "0998e412-fcc2-4e41-95c5-7b819fb4be8f"
REWRITTEN = "e97f3eb9-0e45-4b98-8bd1-b834de032b04"
DELETED = "b370f1a1-a366-4681-aebd-5b70027bd24a"
UNSEEN = "f7ec86ab-d4e8-4d9e-9d57-4f5e0926b590"

SAID = {
    "wombatstory": GROWN,
    "PART6": "4cafc9b5-d8d7-4951-9856-5da4496158ff",
    "Take your time": REWRITTEN,
}
"""Words of sessions' first prompts."""


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def expected(bucket: str) -> dict[str, bytes]:
    """Every file that a bucket gives back, by name, worked out from what it was made of."""
    assert bucket == "format-1"
    files = {f"projects/{name}": data for name, data in contents(RESUME / "projects")}
    for name, data in contents(LIVE / "projects"):
        if GROWN in name:
            is_cut = name.endswith(".jsonl")
            files[f"projects/{name}"] = data[: len(data) * 2 // 3] if is_cut else data
        if AMENDED in name:
            files[f"projects/{name}"] = b"".join(data.splitlines(keepends=True)[:-3])
        if REWRITTEN in name:
            *first, _, last = data.splitlines(keepends=True)
            files[f"projects/{name}"] = b"".join([*first, last])
            files[f"projects/{name}.0.before"] = data
    for session, events in kept_events().items():
        files[f"hooks/{session}.jsonl"] = b"".join(events)
    return files


def kept_events() -> dict[str, list[bytes]]:
    events = {path.stem: lines_of(path) for path in (LIVE / "spool").rglob("*.jsonl")}
    return {
        GROWN: events[GROWN][: len(events[GROWN]) * 2 // 3],
        AMENDED: events[AMENDED][:-2],
        REWRITTEN: events[REWRITTEN],
    }


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


@pytest.fixture(params=sorted(path.name for path in BUCKETS.iterdir() if path.is_dir()))
def stored(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def machine(stored: str, tmp_path: Path) -> Machine:
    """A machine whose home holds nothing but a bucket of an earlier release."""
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    shutil.copytree(BUCKETS / stored, machine.bucket)
    return machine


def test_it_is_read_verified_and_searched_and_stays_as_it_is(stored: str, machine: Machine) -> None:
    verified = machine.json("bucket", "verify", "--deep")
    found = {
        word: [hit["session_id"] for hit in machine.json("trace", "query", word)["hits"]]
        for word in SAID
    }
    records = [json.loads(record) for record in machine.records().values()]

    assert (verified["ok"], verified["checked"]["traces"]) == (True, 7)
    assert found == {word: [session] for word, session in SAID.items()}
    assert len(records) == 7
    for record in records:
        assert [step["step_index"] for step in record["steps"]] == [
            *range(1, record["metrics"]["total_steps"] + 1)
        ]
    assert tree(machine.bucket) == tree(BUCKETS / stored)


def test_it_gives_every_file_back(stored: str, machine: Machine, tmp_path: Path) -> None:
    for trace in machine.trace_ids():
        code, _, errors = machine.run("trace", "restore", trace, "--to", str(tmp_path / "back"))
        assert code == 0, errors

    assert dict(contents(tmp_path / "back")) == expected(stored)


def test_a_step_reads_as_it_was_amended_last(machine: Machine) -> None:
    record = machine.json("trace", "get", AMENDED)

    calls = [call["tool_call_id"] for step in record["steps"] for call in step["tool_calls"]]
    answers = [seen for step in record["steps"] for seen in step["observations"]]
    assert {seen["source_call_id"] for seen in answers} == set(calls)
    assert all(seen["error"] != "no_result" for seen in answers)


def test_an_import_goes_on_with_it_as_if_it_had_made_it(machine: Machine, tmp_path: Path) -> None:
    leave_all(machine)
    fresh = Machine(tmp_path / "fresh", machine.claude)
    shutil.copytree(LIVE / "spool", fresh.home / "spool")
    leave_later_events(machine.home / "spool")

    done, begun = machine.json("import", "--all"), fresh.json("import", "--all")

    assert (done["failed"], begun["failed"]) == ([], [])
    assert [Path(row["path"]).stem for row in done["skipped"]] == [DELETED]
    assert machine.json("bucket", "verify", "--deep")["ok"]
    again, anew = by_session(machine), by_session(fresh)
    assert set(anew) - set(again) == {DELETED}
    for session in (GROWN, AMENDED, UNSEEN):
        assert again[session] == anew[session]
    assert hits(machine) == hits(fresh)
    rest = anew.keys() - {DELETED, REWRITTEN}
    assert {each: of_then(again[each]) for each in rest} == {
        each: of_then(anew[each]) for each in rest
    }
    assert machine.json("bucket", "repair", "--reproject")["ok"]
    again = by_session(machine)  # patches and trees, which it did not read, are there now
    assert {**again, DELETED: b"", REWRITTEN: b""} == {**anew, DELETED: b"", REWRITTEN: b""}


def of_then(record: bytes) -> dict[str, Any]:
    """Return a record without what an earlier release did not read."""
    said: dict[str, Any] = json.loads(record)
    steps = [{**step, "context_node_id": None} for step in said["steps"]]
    later = ("patches", "context_tree_summary", "content_hash")
    return {**{key: value for key, value in said.items() if key not in later}, "steps": steps}


def leave_all(machine: Machine) -> None:
    """Let the agent have gone on: everything is there as in the end."""
    for folder in (LIVE, RESUME):
        shutil.copytree(folder / "projects", machine.claude / "projects", dirs_exist_ok=True)


def leave_later_events(spool: Path) -> None:
    """Let hooks have written down what the bucket does not hold."""
    kept = kept_events()
    for path in (LIVE / "spool").rglob("*.jsonl"):
        rest = lines_of(path)[len(kept.get(path.stem, ())) :]
        if rest:
            there = spool / path.relative_to(LIVE / "spool")
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(b"".join(rest))


def hits(machine: Machine) -> dict[str, list[str]]:
    """Where a word is found that begins the session that grew."""
    found = machine.json("trace", "query", "wombatstory")["hits"]
    return {hit["trace_id"]: sorted(match["ref"] for match in hit["matches"]) for hit in found}


def by_session(machine: Machine) -> dict[str, bytes]:
    return {json.loads(record)["session_id"]: record for record in machine.records().values()}
