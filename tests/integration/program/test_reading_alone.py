"""A bucket is read by what docs/bucket-format.md says, without a line of ours."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from opentraces.domain import envelope, facts, step
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.trail import events, file_change, worktree
from opentraces.entrypoints.cli.main import cli
from tests.integration.program.machine import Machine, tree

DATA = Path(__file__).parents[2] / "data"
READER = Path(__file__).with_name("reader.py")
DOCUMENT = (Path(__file__).parents[3] / "docs" / "bucket-format.md").read_text()
REWRITTEN = "e97f3eb9-0e45-4b98-8bd1-b834de032b04"
DELETED = "b370f1a1-a366-4681-aebd-5b70027bd24a"

OF_AGENTS = ("native", "line_types", "unknown_types", "input", "content")
"""Objects whose keys are not the format's."""


def call(machine: Machine, *arguments: str) -> Any:
    """Run one command in this process, and read what it prints."""
    runner = CliRunner(env={**machine.environment, "PATH": ""})
    done = runner.invoke(cli, [*arguments, "--json"], prog_name="opentraces")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Read:
    """A bucket, and what the reader made of it."""

    machine: Machine
    traces: dict[str, Any]
    place: Path

    @classmethod
    def of(cls, machine: Machine, place: Path) -> "Read":
        run = subprocess.run(
            [sys.executable, "-I", str(READER), str(machine.bucket), str(place)],
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr.decode()
        traces = [json.loads(line) for line in run.stdout.splitlines()]
        return cls(machine, {trace["trace_id"]: trace for trace in traces}, place)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which all real sessions were kept, with hooks, in several runs."""
    root = tmp_path_factory.mktemp("everything")
    machine = Machine(root / "machine", root / "claude")
    for folder in sorted((DATA / "claude-code").glob("*/projects")):
        shutil.copytree(folder, machine.claude / "projects", dirs_exist_ok=True)
    whole = {path: path.read_bytes() for path in machine.claude.rglob("*.jsonl")}
    for path, data in whole.items():
        path.write_bytes(data[: len(data) // 2])
    shutil.copytree(DATA / "claude-code" / "live" / "spool", machine.home / "spool")
    call(machine, "import", "--all")
    for path, data in whole.items():
        lines = data.splitlines(keepends=True)
        path.write_bytes(b"".join(lines[1:]) if REWRITTEN in path.name else data)
    call(machine, "import", "--all")
    call(machine, "trace", "delete", DELETED, "--yes")
    return machine


@pytest.fixture(scope="module", params=["all real sessions", "format-1"])
def read(
    request: pytest.FixtureRequest, everything: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Read:
    root = tmp_path_factory.mktemp("read")
    machine = everything
    if request.param == "format-1":
        machine = Machine(root / "machine", root / "claude")
        shutil.copytree(DATA / "buckets" / "format-1", machine.bucket)
    return Read.of(machine, root / "files")


def test_every_trace_is_read(read: Read) -> None:
    hits = call(read.machine, "trace", "query", "--limit", "1000")["hits"]

    traced = {name for name, trace in read.traces.items() if "skipped" not in trace["header"]}
    assert traced == {hit["trace_id"] for hit in hits}
    kept = [trace["header"]["session_id"] for trace in read.traces.values()]
    assert REWRITTEN in kept
    assert DELETED not in kept


def test_what_makes_reading_hard_was_there(read: Read) -> None:
    sources = [each for trace in read.traces.values() for each in trace["header"]["sources"]]
    steps = [each for trace in read.traces.values() for each in trace["steps"]]

    assert any("blob" in each for each in sources)
    assert any(each.get("superseded") for each in sources)
    assert {each["kind"] for each in sources} >= {"transcript", "subagent", "hooks", "note"}
    assert any(each.get("revision") for each in steps)
    assert any(trace["header"].get("replays") for trace in read.traces.values())
    assert list(read.machine.bucket.rglob("steps.1.jsonl.gz"))


def test_every_file_comes_back_as_a_restore_gives_it(read: Read, tmp_path: Path) -> None:
    for trace in read.traces:
        call(read.machine, "trace", "restore", trace, "--to", str(tmp_path / trace))

    assert tree(read.place) == tree(tmp_path)


def test_every_step_is_that_of_the_record(read: Read) -> None:
    for trace, said in read.traces.items():
        record = call(read.machine, "trace", "get", trace)
        copied = {row["step_index"] for row in record["metadata"].get("copied_steps", ())}
        helpers = {n for n, each in enumerate(said["header"]["sources"]) if is_of_helper(each)}
        assert len(record["steps"]) == len(said["steps"])
        for kept, shown in zip(said["steps"], record["steps"], strict=True):
            changed = {"token_usage"} if kept["step"]["step_index"] in copied else set()
            changed |= {"agent_role", "parent_step"} if kept["source"] in helpers else set()
            assert_holds(shown, {k: v for k, v in kept["step"].items() if k not in changed})


def test_every_patch_is_that_of_the_record(read: Read, everything: Machine) -> None:
    found = 0
    for trace, said in read.traces.items():
        record = call(read.machine, "trace", "get", trace)
        copied = {row["step_index"] for row in record["metadata"].get("copied_steps", ())}
        made = {
            event["patch_id"]: event
            for event in reversed(said["trail"])
            if event["event"] == "patch_created" and event["step_index"] not in copied
        }
        assert {patch["patch_id"] for patch in record["patches"]} == made.keys()
        for patch in record["patches"]:
            event = made[patch["patch_id"]]
            assert patch["step_index"] == event["step_index"]
            assert patch["tool_call_id"] == event["change"]["call"]
        found += len(made)
    assert found or read.machine is not everything


def is_of_helper(source: dict[str, Any]) -> bool:
    return bool(source.get("facts", {}).get("agent_id"))


def assert_holds(shown: Any, kept: Any) -> None:
    """Whether a record says all that is kept; it has defaults beside, and more at ends of lists."""
    if isinstance(kept, dict):
        for key, value in kept.items():
            assert_holds(shown[key], value)
    elif isinstance(kept, list):
        assert len(shown) >= len(kept)
        for part, value in zip(shown, kept, strict=False):
            assert_holds(part, value)
    else:
        assert shown == kept


def test_whole_answers_of_tools_stand_where_the_record_says(read: Read) -> None:
    found = 0
    for trace in read.traces:
        hooks = call(read.machine, "trace", "get", trace)["metadata"].get("hooks", {})
        for row in hooks.get("tool_responses", ()):
            if "step_index" not in row:
                continue
            events = (read.place / trace / hooks["source"]).read_bytes()
            line = events[row["offset"] :][: row["length"]]
            steps = call(read.machine, "trace", "get", f"{trace}:{row['step_index']}")
            told = json.loads(line)["event"]["tool_response"]
            assert steps["tool_responses"][row["tool_call_id"]] == told
            found += 1
    assert found


def test_every_flipped_byte_is_seen(tmp_path: Path) -> None:
    bucket = tmp_path / "machine" / "opentraces" / "bucket"
    shutil.copytree(DATA / "buckets" / "format-1", bucket)
    folder = next(bucket.rglob("steps.1.jsonl.gz")).parent
    for file in (bucket / "bucket.json", *folder.iterdir()):
        whole = file.read_bytes()
        file.write_bytes(whole[:40] + bytes([whole[40] ^ 4]) + whole[41:])
        arguments = [sys.executable, "-I", str(READER), str(bucket), str(tmp_path / "files")]
        assert subprocess.run(arguments, capture_output=True, check=False).returncode, file
        file.write_bytes(whole)


def keys_in(value: Any) -> Iterator[str]:
    """Every key of the format's in a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key == "files":  # by their names
                yield from keys_in(list(inner.values()))
            elif key not in OF_AGENTS:
                yield from keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


def keys_of(kinds: Iterable[type]) -> Iterator[str]:
    """Every key that a release may write."""
    for kind in kinds:
        if is_dataclass(kind):
            yield from (each.name for each in fields(kind))


def named() -> set[str]:
    """Every word that stands in the document as one of code."""
    return set(re.findall(r"`([a-z_0-9]+)`", DOCUMENT))


def test_every_key_that_occurs_is_in_the_document(everything: Machine) -> None:
    occurring: set[str] = set()
    for file in everything.bucket.rglob("*.json"):
        occurring |= set(keys_in(json.loads(file.read_bytes())))
    for file in everything.bucket.rglob("*.jsonl.gz"):
        for line in gzip.decompress(file.read_bytes()).splitlines():
            occurring |= set(keys_in(json.loads(line)))

    assert {"replays", "sha256", "revision", "bucket_id", "agent_id"} <= occurring
    assert occurring - named() == set()


def test_every_key_that_may_occur_is_in_the_document() -> None:
    modules = (envelope, facts, step, events, file_change, worktree)
    kinds = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    }

    assert set(keys_of({*kinds, KeptStep, LineCounts})) - named() == set()
