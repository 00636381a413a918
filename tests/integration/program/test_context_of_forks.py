"""A fork adds its own nodes; what was copied is its origin's, and still to be seen in the fork."""

import shutil
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.application.derive_context import DeriveContext
from opentraces.application.read_context import ReadContext, TreeRead, shown
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent
from tests.integration.program.machine import Machine

DATA = Path(__file__).parents[2] / "data" / "claude-code"
ORIGIN = trace_id("claude-code", SessionId("cff976c1-0398-4f30-82e5-4c7347fce546"))
FORK = trace_id("claude-code", SessionId("285f480a-3f64-42b2-b164-c0a16c4e9b88"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    shutil.copytree(DATA / "release_330" / "projects", machine.claude / "projects")
    machine.json("import", "--all")
    return machine


def stored(machine: Machine, trace: TraceId) -> list[NodeObserved]:
    store = FilesystemTraceStore(machine.bucket)
    events = store.context(store.envelope(trace))
    return [event for event in events if isinstance(event, NodeObserved)]


def tree(machine: Machine, trace: TraceId) -> TreeRead:
    store, blobs = FilesystemTraceStore(machine.bucket), FilesystemBlobStore(machine.bucket)
    derive = DeriveContext({Agent.CLAUDE_CODE: ClaudeCodeParser()}, store, blobs)
    return ReadContext(store, blobs, ResolveTrace(store), {}, derive.execute).execute(trace)


def answers(record: dict[str, object]) -> list[str | None]:
    steps = record["steps"]
    assert isinstance(steps, list)
    return [step["context_node_id"] for step in steps if step["model"]]


def test_a_fork_keeps_nodes_of_its_own_calls_alone(machine: Machine) -> None:
    record = machine.json("trace", "get", FORK)
    copied = {row["step_index"] for row in record["metadata"]["copied_steps"]}

    assert len(copied) == 10
    assert [node.branch_type for node in stored(machine, FORK)] == ["linear"]
    seen = {s["step_index"]: s["context_node_id"] for s in record["steps"] if s["model"]}
    assert {index for index, node in seen.items() if node} == seen.keys() - copied
    assert record["context_tree_summary"]["node_count"] == 1


def test_what_was_copied_is_the_same_node_as_in_the_origin(machine: Machine) -> None:
    fork, origin = tree(machine, FORK), tree(machine, ORIGIN)
    own = {node.call: node.node_id for node in origin.seen.nodes.values() if not node.source}
    shared = {n.call: n.node_id for n in fork.seen.nodes.values() if n.call in own}

    assert len(shared) >= 4
    assert shared == {call: own[call] for call in shared}
    [only] = stored(machine, FORK)
    assert only.parent in own.values()


def test_the_fork_is_read_back_to_its_first_call(machine: Machine) -> None:
    fork = tree(machine, FORK)
    last = shown(fork, fork.node_of(fork.step_of(Address(FORK))))
    first = shown(fork, fork.node_of(min(fork.seen.nodes)))

    assert len(last.messages) > len(first.messages) > 0
    assert last.messages[: len(first.messages)] == first.messages


def test_the_order_of_imports_changes_no_record(machine: Machine, tmp_path: Path) -> None:
    other = Machine(tmp_path / "other", machine.claude)
    folder = next(machine.claude.glob("projects/*"))
    for name in ("285f480a-3f64-42b2-b164-c0a16c4e9b88.jsonl", ""):
        other.json("import", str(folder / name))

    for trace in (FORK, ORIGIN):
        assert other.json("trace", "get", trace) == machine.json("trace", "get", trace)
        assert stored(other, trace) == stored(machine, trace)


def test_with_the_origin_gone_all_of_it_is_the_forks(machine: Machine) -> None:
    before = tree(machine, FORK).seen.nodes

    machine.json("trace", "delete", ORIGIN, "--yes")

    record = machine.json("trace", "get", FORK)
    assert answers(record) == [node.node_id for _, node in sorted(before.items())]
    assert record["context_tree_summary"]["node_count"] == len(before)
    assert machine.json("bucket", "verify", "--deep")["problems"] == []
