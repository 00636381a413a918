"""Bodies that Claude Code wrote for us: kept with their session, joined to steps, given back."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.traces import FilesystemTraceStore, committed_number
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.application.derive_context import DeriveContext
from opentraces.application.read_context import ReadContext, TreeRead, shown
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.context.blocks import normal
from opentraces.domain.context.events import ContextEvent, LayerObserved
from opentraces.domain.context.messages import flattened
from opentraces.domain.context.node_ids import normal_layer
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent
from tests.integration.program.machine import Machine
from tests.recorded_bodies import DATA, SCENARIOS, Session, answers_with_body, recorded, sessions

BEGUN = 1_700_000_000


@dataclass(frozen=True)
class Kept:
    """A machine on which a scenario ran with bodies, and was imported."""

    machine: Machine
    scenario: str

    @property
    def waiting(self) -> Path:
        return self.machine.home / "spool" / "bodies"

    def trace(self, session: Session) -> str:
        return trace_id("claude-code", SessionId(session.id))

    def tree(self, session: Session) -> TreeRead:
        store = FilesystemTraceStore(self.machine.bucket)
        blobs = FilesystemBlobStore(self.machine.bucket)
        derive = DeriveContext({Agent.CLAUDE_CODE: ClaudeCodeParser()}, store, blobs)
        read = ReadContext(store, blobs, ResolveTrace(store), {}, derive.execute)
        return read.execute(self.trace(session))


def write_bodies(folder: Path, bodies: list[tuple[str, bytes]]) -> None:
    """Write bodies as the client does, some time ago."""
    folder.mkdir(0o700, parents=True, exist_ok=True)
    for number, (name, data) in enumerate(bodies):
        (folder / name).write_bytes(data)
        os.utime(folder / name, (BEGUN + number, BEGUN + number))


def machine_of(scenario: str, root: Path) -> Kept:
    machine = Machine(root / "machine", root / "claude")
    shutil.copytree(DATA / scenario / "projects", machine.claude / "projects")
    return Kept(machine, scenario)


@pytest.fixture(scope="module", params=SCENARIOS)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    kept = machine_of(request.param, tmp_path_factory.mktemp(request.param))
    write_bodies(kept.waiting, recorded(DATA / request.param / "bodies.tar.xz"))
    kept.machine.json("import", "--all")
    return kept


def compared(block: Any) -> Any:
    """Return a block as it is compared, all of its thinking included."""
    said = normal(block)
    thinking = block.get("thinking") if isinstance(block, dict) else None
    return said if thinking is None else {**said, "thinking": thinking}


def calls_with_bodies(kept: Kept) -> Iterator[tuple[TreeRead, Any, Any]]:
    """Yield tree, node and request of every answer whose response was written down."""
    for session in sessions(kept.scenario):
        tree = kept.tree(session)
        nodes = {str(node.call): node for node in tree.seen.nodes.values()}
        sent = {each.message_id: each.body for each in session.wire}
        for answer in sorted(answers_with_body(session)):
            yield tree, nodes[answer], sent[answer]


def test_every_request_with_a_body_is_what_the_model_was_sent(kept: Kept) -> None:
    seen = 0
    for tree, node, sent in calls_with_bodies(kept):
        saw = shown(tree, node)
        assert node.capture_method == "live_capture"
        assert set(node.completeness.values()) == {"full"}
        assert node.limitations == ()
        wire = [(role, compared(block)) for role, block in flattened(sent["messages"])]
        assert [(role, compared(block)) for role, block in saw.messages] == wire
        assert normal_layer(saw.system) == normal_layer(sent.get("system", []))
        assert normal_layer(saw.tools) == normal_layer(sent.get("tools", []))
        seen += 1
    assert seen >= 3


def test_a_restore_gives_the_same_bytes_back(kept: Kept, tmp_path: Path) -> None:
    given = dict(recorded(DATA / kept.scenario / "bodies.tar.xz"))
    restored = 0
    for session in sessions(kept.scenario):
        trace = kept.trace(session)
        kept.machine.json("trace", "restore", trace, "--to", str(tmp_path / trace))
        for file in (tmp_path / trace / "bodies").iterdir():
            assert file.read_bytes() == given[file.name]
            restored += 1
    waiting = list(kept.waiting.iterdir())
    assert restored == len(given) - len(waiting)
    assert all(file.name.endswith(".response.json") for file in waiting)
    assert not waiting or len(sessions(kept.scenario)) > 1


def test_records_name_the_nodes_of_requests(kept: Kept) -> None:
    for session in sessions(kept.scenario):
        record = kept.machine.json("trace", "get", kept.trace(session))
        copied = {row["step_index"] for row in record["metadata"].get("copied_steps", ())}
        nodes = kept.tree(session).seen.nodes
        for step in record["steps"]:
            index = step["step_index"]
            expected = nodes[index].node_id if index in nodes and index not in copied else None
            assert step["context_node_id"] == expected


def test_what_is_kept_is_what_it_says(kept: Kept) -> None:
    assert kept.machine.json("bucket", "verify", "--deep")["problems"] == []


def test_an_import_that_finds_nothing_new_changes_nothing(kept: Kept) -> None:
    before = {file: file.read_bytes() for file in kept.machine.bucket.rglob("*") if file.is_file()}

    kept.machine.json("import", "--all")

    after = {file: file.read_bytes() for file in kept.machine.bucket.rglob("*") if file.is_file()}
    assert after == before


def test_bodies_that_come_one_after_the_other_end_in_the_same_records(tmp_path: Path) -> None:
    records = []
    for parts in (1, 4):
        kept = machine_of("edit_commit", tmp_path / str(parts))
        bodies = recorded(DATA / "edit_commit" / "bodies.tar.xz")
        size = -(-len(bodies) // parts)
        for start in range(0, len(bodies), size):
            write_bodies(kept.waiting, bodies[start : start + size])
            kept.machine.json("import", "--all")
        traces = [kept.trace(session) for session in sessions("edit_commit")]
        records.append([kept.machine.json("trace", "get", trace) for trace in traces])

    assert records[0] == records[1]


def test_bodies_come_before_or_after_the_lines_of_their_session(tmp_path: Path) -> None:
    records = []
    for first in ("bodies", "lines"):
        kept = machine_of("edit_commit", tmp_path / first)
        if first == "lines":
            kept.machine.json("import", "--all")
        write_bodies(kept.waiting, recorded(DATA / "edit_commit" / "bodies.tar.xz"))
        kept.machine.json("import", "--all")
        traces = [kept.trace(session) for session in sessions("edit_commit")]
        records.append([kept.machine.json("trace", "get", trace) for trace in traces])

    assert records[0] == records[1]


def test_a_reprojection_keeps_what_was_sent(tmp_path: Path) -> None:
    kept = machine_of("edit_commit", tmp_path)
    write_bodies(kept.waiting, recorded(DATA / "edit_commit" / "bodies.tar.xz"))
    kept.machine.json("import", "--all")
    [session] = sessions("edit_commit")
    before = kept.machine.json("trace", "get", kept.trace(session))
    for file in kept.machine.bucket.rglob("steps*.jsonl.gz"):
        file.write_bytes(file.read_bytes()[:-9])

    assert kept.machine.run("bucket", "repair")[0] in (0, 1)

    assert kept.machine.json("trace", "get", kept.trace(session)) == before
    assert kept.machine.json("bucket", "verify", "--deep")["problems"] == []


def altered(event: ContextEvent, name: str, value: Any) -> ContextEvent:
    """Return an event; the layer of that name with one byte of its value changed."""
    if not isinstance(event, LayerObserved) or event.layer_id != name:
        return event
    text = json.dumps(value)
    place = text.index("e", len(text) // 2)
    return event.but(content=json.loads(f"{text[:place]}o{text[place + 1 :]}"))


@pytest.mark.parametrize("kind", ["system", "tool_registry", "runtime_state"])
def test_one_changed_byte_of_a_layer_makes_its_claim_fail(kind: str, tmp_path: Path) -> None:
    kept = machine_of("edit_commit", tmp_path)
    write_bodies(kept.waiting, recorded(DATA / "edit_commit" / "bodies.tar.xz"))
    kept.machine.json("import", "--all")
    [session] = sessions("edit_commit")
    tree = kept.tree(session)
    node = tree.seen.nodes[max(tree.seen.nodes)]
    assert node.completeness[kind] == "full"
    name = getattr(node, kind)
    state = kept.machine.home / "state"
    markers = FilesystemMarkers(state, lambda trace: committed_number(kept.machine.bucket, trace))
    saw = shown(tree, node)
    value = {"system": saw.system, "tool_registry": saw.tools, "runtime_state": saw.runtime}[kind]
    with FilesystemTraceWriter(kept.machine.bucket, state, markers).batch() as batch:
        edit = batch.edit(TraceId(kept.trace(session)), wait=True)
        assert edit.envelope is not None
        events = tuple(FilesystemTraceStore(kept.machine.bucket).context(edit.envelope))
        edit.restart_context()
        for event in events:
            edit.append_context(altered(event, name, value))
        edit.commit(edit.envelope.header)

    code, out, _ = kept.machine.run("bucket", "verify", "--deep", "--json")
    assert code == 1
    assert [problem["kind"] for problem in json.loads(out)["problems"]] == ["untrue"]
    code, _, errors = kept.machine.run("ctx", "show", kept.trace(session), "--json")
    assert code == 4
    assert b"is not what it is named by" in errors


def test_what_is_kept_of_a_long_session_is_smaller_than_its_lines(tmp_path: Path) -> None:
    kept = machine_of("long", tmp_path)
    bodies = recorded(DATA / "long" / "bodies.tar.xz")
    write_bodies(kept.waiting, bodies)
    kept.machine.json("import", "--all")
    lines = sum(f.stat().st_size for f in kept.machine.claude.rglob("*.jsonl"))
    sent = sum(len(data) for _, data in bodies)

    stored = [
        *kept.machine.bucket.rglob("context*"),
        *(kept.machine.bucket / "blobs").rglob("*.zst"),
    ]
    size = sum(file.stat().st_size for file in stored)

    assert size <= lines < sent / 5
