"""Bodies kept in a real bucket: what is read back out of it alone is what the model was sent."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.claude_code.request_bodies import said_in
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.traces import FilesystemTraceStore, committed_number
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.application.derive_context import DeriveContext
from opentraces.application.kept_values import KeptValues
from opentraces.application.read_context import ReadContext, TreeRead, shown
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.context.blocks import normal
from opentraces.domain.context.body_keeper import BodyKeeper
from opentraces.domain.context.joining import joined
from opentraces.domain.context.messages import flattened
from opentraces.domain.context.node_ids import normal_layer
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import BlobRef
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent
from tests.integration.program import reader
from tests.integration.program.machine import Machine
from tests.recorded_bodies import DATA, Session, is_request, live_calls, sessions


@pytest.fixture(params=["subagent", "interactive", "long"])
def session(request: pytest.FixtureRequest) -> Session:
    [only] = sessions(request.param)
    return only


@pytest.fixture
def trace(session: Session) -> TraceId:
    return trace_id("claude-code", SessionId(session.id))


@pytest.fixture
def machine(session: Session, tmp_path: Path) -> Machine:
    """A machine on which a session was imported, without its bodies."""
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    [own] = DATA.glob(f"*/projects/*/{session.id}.jsonl")
    shutil.copytree(own.parents[1], machine.claude / "projects")
    machine.json("import", "--all")
    return machine


def keep(machine: Machine, trace: TraceId, bodies: Sequence[tuple[str, bytes]]) -> None:
    """Keep bodies of a trace that is kept already."""
    store, blobs = FilesystemTraceStore(machine.bucket), FilesystemBlobStore(machine.bucket)
    state = machine.home / "state"
    markers = FilesystemMarkers(state, lambda trace: committed_number(machine.bucket, trace))
    writer = FilesystemTraceWriter(machine.bucket, state, markers)
    new: dict[str, BlobRef] = {}

    def put(data: bytes) -> str:
        ref = blobs.put([data])
        new[ref.blob] = ref
        return ref.blob

    with writer.batch() as batch:
        edit = batch.edit(trace, wait=True)
        envelope = edit.envelope
        assert envelope
        events = tuple(store.context(envelope))
        values = KeptValues(store, blobs, envelope, ContextTree.of(events))
        keeper = BodyKeeper(values, put, said_in, events)
        for name, data in bodies:
            added = keeper.keep(name, "request" if is_request(name) else "response", data)
            for event in added.events:
                edit.append_context(event)
        parts = {each.blob: each for each in (*envelope.header.parts, *new.values())}
        ordered = tuple(parts[each] for each in sorted(parts))
        edit.commit(envelope.header.model_copy(update={"parts": ordered}))


def read(machine: Machine, trace: TraceId) -> TreeRead:
    store, blobs = FilesystemTraceStore(machine.bucket), FilesystemBlobStore(machine.bucket)
    derive = DeriveContext({Agent.CLAUDE_CODE: ClaudeCodeParser()}, store, blobs)
    return ReadContext(store, blobs, ResolveTrace(store), derive.execute).execute(trace)


def test_what_a_bucket_says_that_was_sent_was_sent(
    machine: Machine, trace: TraceId, session: Session
) -> None:
    half = len(session.bodies) // 2
    keep(machine, trace, session.bodies[:half])
    keep(machine, trace, session.bodies[half:])

    tree = read(machine, trace)
    calls = live_calls(joined(tree.seen.tree))
    sent = {each.message_id: each.body for each in session.wire}
    assert calls.keys() == {answer for _, answer in tree.seen.tree.calls}
    for answer, node in calls.items():
        said, wire = shown(tree, node), sent[answer]
        assert [(role, normal(each)) for role, each in said.messages] == [
            (role, normal(each)) for role, each in flattened(wire["messages"])
        ]
        assert normal_layer(said.system) == normal_layer(wire["system"])
        assert normal_layer(said.tools) == normal_layer(wire.get("tools", []))
        assert said.runtime["model"] == wire["model"]


def test_a_bucket_with_bodies_is_whole_and_read_without_our_code(
    machine: Machine, trace: TraceId, session: Session, tmp_path: Path
) -> None:
    keep(machine, trace, session.bodies)

    assert machine.run("bucket", "verify", "--deep")[0] == 0
    done = subprocess.run(
        [sys.executable, reader.__file__, str(machine.bucket), str(tmp_path / "out")],
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[0])["header"]["parts"]
