"""Every session of the real Pi: valid in the public schema, and given back byte for byte.

What sessions cost was added up by hand, out of the usage in their lines.
"""

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from opentraces.application.tail_trace import TailRequest
from opentraces.entrypoints.container.reading import tail_trace
from opentraces.entrypoints.settings import Settings
from tests.integration.program.machine import Machine, tree

DATA = Path(__file__).parents[2] / "data"
PI = DATA / "pi"
FOLDERS = sorted(str(path.relative_to(PI)) for path in PI.glob("*/*") if path.is_dir())


class Total(NamedTuple):
    """Tokens, each class apart, and dollars."""

    new: int
    written: int
    cached: int = 0
    stored: int = 0
    cost: float = 0.0


EDIT = Total(1810, 487, 11500, 1950, 0.0234975)
FORK = Total(370, 6, cost=0.0012)
SIGINT = Total(200, 10, cost=0.00075)
COMPACT = Total(197110, 517, 11500, 1950, 0.6098475)
TRUNK = Total(980, 46, cost=0.00363)

TOTALS: dict[str, list[tuple[Total, Total]]] = {
    "0.73.1/s1_edit_commit": [(EDIT, EDIT)],
    "0.73.1/s2_branches": [(Total(1320, 32, cost=0.00296), Total(2680, 104, cost=0.00812))],
    "0.73.1/s3_fork": [(TRUNK, Total(1660, 82, cost=0.00621)), *[(FORK, FORK)] * 4],
    "0.73.1/s4_retry": [(Total(100, 6, cost=0.00039), Total(100, 6, cost=0.00039))],
    "0.73.1/s4_sigint": [(SIGINT, SIGINT)],
    "0.73.1/s5_compact": [(COMPACT, COMPACT)],
    "0.87.1/s1_edit_commit": [(EDIT, EDIT)],
    "0.87.1/s2_branches": [(Total(1320, 32, cost=0.00296), Total(3580, 164, cost=0.01172))],
    "0.87.1/s3_fork": [(TRUNK, Total(1660, 82, cost=0.00621)), *[(FORK, FORK)] * 4],
    "0.87.1/s4_retry": [(Total(0, 0), Total(0, 0))],
    "0.87.1/s4_sigint": [(SIGINT, SIGINT)],
    "0.87.1/s5_compact": [(COMPACT, Total(199810, 697, 11500, 1950, 0.6206475))],
}
"""Of each session, in the order of their names: on the active branch, and in all. Branch summaries
(900 and 60 tokens) and compactions (2,700 and 180) are told by 0.87.1 only."""


def machine_with(tmp_path: Path, *folders: str) -> Machine:
    """Return a machine on which Pi left these sessions, and nobody else any."""
    for folder in folders:
        for path in (PI / folder).glob("*.jsonl"):
            cwd = json.loads(path.read_bytes().split(b"\n")[0])["cwd"]
            project = f"--{cwd.strip('/').replace('/', '-')}--"
            place = tmp_path / "machine/.pi/agent/sessions" / project
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
    return Machine(tmp_path / "machine", tmp_path / "claude")


def records(machine: Machine) -> list[dict[str, Any]]:
    """Return every record, by the name of its session's file."""
    found = [json.loads(record) for record in machine.records().values()]
    return sorted(found, key=lambda record: str(record["metadata"]["sources"][0]["name"]))


def spent(said: dict[str, Any]) -> Total:
    return Total(
        said["input_tokens"],
        said["output_tokens"],
        said["cache_read_tokens"],
        said["cache_write_tokens"],
        said["cost_usd"],
    )


def counted(metrics: dict[str, Any]) -> Total:
    return Total(
        metrics["total_input_tokens"],
        metrics["total_output_tokens"],
        metrics["total_cache_read_tokens"],
        metrics["total_cache_creation_tokens"],
        metrics["estimated_cost_usd"],
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_sessions_become_records_and_come_back(folder: str, tmp_path: Path) -> None:
    machine = machine_with(tmp_path, folder)
    left = tree(tmp_path / "machine/.pi/agent")

    done = machine.json("import", "--all")
    kept = records(machine)

    assert (done["kept"], done["failed"], done["skipped"]) == (len(left), [], [])
    assert done["lines"]["unknown"] == done["lines"]["bad"] == 0
    for record in kept:
        assert TraceRecord.model_validate(record).model_dump(mode="json") == record
        assert record["agent"]["name"] == "pi"
        assert record["metadata"]["lines"]["recognised"] == sum(
            record["metadata"]["line_types"].values()
        )
    assert [
        (counted(record["metrics"]), spent(record["metadata"]["pi"]["spent"])) for record in kept
    ] == TOTALS[folder]
    assert {name.partition("/")[2]: digest for name, digest in machine.restored().items()} == left
    assert machine.json("import", "--all")["unchanged"] == len(left)


@pytest.mark.parametrize(("release", "shift"), [("0.73.1", 0), ("0.87.1", 1)])
def test_a_record_follows_the_active_branch(release: str, shift: int, tmp_path: Path) -> None:
    machine = machine_with(tmp_path, f"{release}/s2_branches")
    machine.json("import", "--all")
    (record,) = records(machine)
    branches = record["metadata"]["pi"]["branches"]
    first, second = branches["inactive"]

    active = [*range(1, 3 + shift), *range(9 + shift, 20 + shift)]
    assert [step["step_index"] for step in record["steps"]] == active
    assert record["metrics"]["total_steps"] == len(active)
    for branch, start in ((first, 3 + shift), (second, 6 + shift)):
        assert branch["fork_step"] == branch["steps"][0]["parent_step"] == 2 + shift
        assert [step["step_index"] for step in branch["steps"]] == [start, start + 1, start + 2]
    assert first["steps"][0]["content"] == "BRANCH-A: write a.txt"
    assert [each["label"] for each in branches["labels"]] == ["keep-b", "cp1"]
    assert branches["transitions"][1].get("left_step") == (9 if shift else None)


def test_a_step_of_a_branch_that_was_left_has_its_address(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "0.73.1/s2_branches")
    machine.json("import", "--all")
    (trace,) = machine.trace_ids()

    got = machine.json("trace", "get", f"{trace}:2-4")
    _, shown, _ = machine.run("trace", "get", f"{trace}:4")
    _, whole, _ = machine.run("trace", "get", trace)
    (hit,) = machine.json("trace", "query", "BRANCH-A")["hits"]

    assert [step["step_index"] for step in got["steps"]] == [2, 3, 4]
    assert got["inactive"] == [3, 4]
    assert "not on the active branch\n:4    agent" in shown.decode()
    assert "13 steps · 6 on other branches" in whole.decode()
    assert hit["matches"][0]["ref"] == f"{trace}:3"


def test_a_branch_that_is_left_later_moves_no_address(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "0.73.1/s2_branches")
    (path,) = (tmp_path / "machine").rglob("*.jsonl")
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    seen: dict[int, Any] = {}
    for end in (*range(5, len(lines), 4), len(lines)):
        path.write_bytes(b"".join(lines[:end]))
        machine.json("import", "--all")
        (record,) = records(machine)
        got = machine.json("trace", "get", f"{record['trace_id']}:1-{_last(record)}")
        contents = {step["step_index"]: step["content"] for step in got["steps"]}
        assert seen.items() <= contents.items()
        seen = contents
    fresh = machine_with(tmp_path / "fresh", "0.73.1/s2_branches")
    fresh.json("import", "--all")
    assert machine.records() == fresh.records()


def _last(record: dict[str, Any]) -> int:
    return int(record["steps"][-1]["step_index"])


@pytest.mark.parametrize("release", ["0.73.1", "0.87.1"])
def test_forks_name_their_parent_and_cost_their_own(release: str, tmp_path: Path) -> None:
    machine = machine_with(tmp_path, f"{release}/s3_fork")
    machine.json("import", "--all")
    parent, *forks = records(machine)

    for fork in forks:
        native = fork["metadata"]["pi"]
        assert native["parent_trace_id"] == parent["trace_id"]
        assert native["parent_session_id"] == parent["session_id"]
        assert fork["task"]["description"].startswith("FORK-TASK")
    assert "copied_steps" not in parent["metadata"]
    total = sum(spent(each["metadata"]["pi"]["spent"]).cost for each in (parent, *forks))
    assert round(total, 9) == 0.01101


def test_a_copy_that_says_nothing_of_its_parent_is_counted_once(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "0.73.1/s1_edit_commit")
    (path,) = (tmp_path / "machine").rglob("*.jsonl")
    copy = path.read_bytes().replace(b"01a206d9-8c27-7234-a13b-2cc67fc99f3e", b"copied", 1)
    (path.parent / "2026-11-24T05-20-50-216Z_copied.jsonl").write_bytes(copy)

    machine.json("import", "--all")
    kept = records(machine)

    assert sum(record["metrics"]["total_input_tokens"] for record in kept) == EDIT.new
    costs = [record["metadata"]["pi"].get("spent", {}).get("cost_usd", 0) for record in kept]
    assert sum(costs) == EDIT.cost


def test_sessions_are_found_where_pi_was_told_to_keep_them(tmp_path: Path) -> None:
    place = tmp_path / "apart"
    shutil.copytree(PI / "0.87.1/s4_sigint", place)
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    told = {**machine.environment, "PI_CODING_AGENT_SESSION_DIR": str(place)}

    code, out, _ = machine.run("import", "--all", "--json")
    assert (code, json.loads(out)["kept"]) == (0, 0)
    done = _run_with(told, machine)
    assert (done["kept"], done["failed"]) == (1, [])


def _run_with(environment: dict[str, str], machine: Machine) -> Any:
    class Told(Machine):
        @property
        def environment(self) -> dict[str, str]:
            return environment

    return Told(machine.root, machine.claude).json("import", "--all")


def test_a_path_may_hold_sessions_of_any_agent(tmp_path: Path) -> None:
    machine = machine_with(tmp_path)
    disk = tmp_path / "disk"
    shutil.copytree(DATA / "claude-code/edit_commit", disk / "claude")
    shutil.copytree(DATA / "codex-cli/plan", disk / "codex")
    shutil.copytree(PI / "0.73.1/s5_compact", disk / "pi")
    (session,) = (disk / "pi").glob("*.jsonl")

    assert machine.json("import", str(session))["kept"] == 1
    done = machine.json("import", str(disk))
    assert (done["kept"], done["unchanged"], done["failed"]) == (2, 1, [])
    assert len(machine.json("trace", "query", "agent:pi")["hits"]) == 1


def test_doctor_counts_what_is_not_kept(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "0.73.1/s4_retry", "0.73.1/s4_sigint")

    def said() -> list[tuple[str, str]]:
        _, out, _ = machine.run("doctor", "--json")
        rows = json.loads(out)["checks"]
        return [(row["level"], row["text"]) for row in rows if row["topic"] == "pi"]

    assert ("warn", "2 sessions on this machine, none of them kept") in said()
    machine.json("import", "--all", "--agent", "pi")
    assert ("ok", "2 sessions on this machine, all of them kept") in said()


def test_a_tail_shows_what_came_since_on_the_active_branch(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "0.73.1/s2_branches")
    (path,) = (tmp_path / "machine").rglob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:14]))
    machine.json("import", "--all")
    tail = tail_trace(Settings.from_environment(machine.environment))
    request = TailRequest(machine.trace_ids()[0], (), 3)

    first = tail.execute(request)
    assert first is not None
    assert [step.step_index for step in first.steps] == [6, 7, 8]
    assert tail.execute(request, first) is None

    path.write_bytes(b"".join(lines[:18]))
    machine.json("import", "--all")
    second = tail.execute(request, first)
    assert second is not None
    assert [step.step_index for step in second.steps] == [9, 10, 11]
    assert tail.execute(request, second) is None


def test_a_file_that_pi_brings_to_its_newest_version_is_the_same_session(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, "0.73.1/s1_edit_commit")
    (path,) = (tmp_path / "machine").rglob("*.jsonl")
    newest = path.read_bytes()
    path.write_bytes(b"".join(_as_at_first(line) for line in newest.splitlines()))

    machine.json("import", "--all")
    (old,) = records(machine)
    path.write_bytes(newest)
    machine.json("import", "--all")
    (new,) = records(machine)

    assert (old["metadata"]["pi"]["session_version"], old["generation_index"]) == (1, 0)
    assert (new["metadata"]["pi"]["session_version"], new["generation_index"]) == (3, 1)
    assert new["steps"] == old["steps"]
    assert counted(old["metrics"]) == counted(new["metrics"]) == EDIT
    assert spent(new["metadata"]["pi"]["spent"]) == EDIT


def _as_at_first(line: bytes) -> bytes:
    """Return a line as the first version of the format had it: without a place in a tree."""
    row = json.loads(line)
    gone = ("version",) if row["type"] == "session" else ("id", "parentId")
    return json.dumps({key: row[key] for key in row if key not in gone}).encode() + b"\n"
