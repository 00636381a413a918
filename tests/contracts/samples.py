"""Small traces that the contracts of the bucket's ports are tried with."""

from opentraces.domain.context.blocks import block_of
from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved
from opentraces.domain.context.node_ids import layer_id, node_id
from opentraces.domain.context.templates import at
from opentraces.domain.envelope import BlobRef, Envelope, KeptSource, TraceHeader
from opentraces.domain.ids import SessionId, StepKey, TraceId, trace_id
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.step import Observation, Step, ToolCall
from opentraces.domain.trail.events import AnchorSearched, PatchCreated, TrailEvent
from opentraces.domain.trail.file_change import FileChange, Hunk, TextPlace
from opentraces.ports.trace_writing import TraceWriter

LINES = b'{"type":"user"}\n{"type":"assistant"}\n'


def named(session: str) -> TraceId:
    """Return the id of a sample trace."""
    return trace_id(Agent.CLAUDE_CODE.value, SessionId(session))


A, B = sorted((named("a"), named("b")))
NOBODY = named("nobody")


def source(size: int, name: str = "a.jsonl", blob: BlobRef | None = None) -> KeptSource:
    """Return a source of `size` bytes."""
    kind = SourceKind.OUTPUT if blob else SourceKind.TRANSCRIPT
    return KeptSource(kind=kind, name=name, location=f"/home/u/{name}", size=size, blob=blob)


def header(*sources: KeptSource, steps: int = 0, title: str | None = None) -> TraceHeader:
    """Return a header."""
    return TraceHeader(
        agent=Agent.CLAUDE_CODE,
        session_id=SessionId("session"),
        title=title,
        project="work",
        started="2026-01-02T03:04:05.678Z",
        steps=steps,
        sources=sources,
    )


def step(index: int, content: str = "said", revision: int = 0) -> KeptStep:
    """Return a step that the user typed."""
    return KeptStep(
        source=0,
        ordinal=index - 1,
        revision=revision,
        key=StepKey(f"{index:016x}"),
        native={"uuid": f"u{index}"},
        step=Step(step_index=index, role="user", content=content),
    )


def answer(index: int) -> KeptStep:
    """Return a step of the model, with a call and its result."""
    said = Step(
        step_index=index,
        role="agent",
        content="I look.",
        reasoning_content="Where?",
        tool_calls=(ToolCall(tool_call_id="c", tool_name="Read", input={"path": "x.py"}),),
        observations=(Observation(source_call_id="c", content="print()"),),
    )
    return KeptStep(source=0, ordinal=index - 1, key=StepKey(f"{index:016x}"), step=said)


def patch(index: int, path: str = "/w/a.py", text: str = "one") -> PatchCreated:
    """Return what says that a step changed a file."""
    change = FileChange(
        call="c",
        path=path,
        operation="edit",
        before=TextPlace(offset=9, length=90, pointer="/old"),
        hunks=(Hunk(old_start=1, new_start=1, lines=(f"+{text}",)),),
        methods=("tool_input",),
    )
    return PatchCreated(patch_id=f"{index:064x}", step_index=index, change=change)


def searched(until: str = "2026-01-02T03:04:05Z") -> AnchorSearched:
    """Return what says that a repository's history was searched."""
    return AnchorSearched(repository="r" * 40, until=until, tips=("f" * 40,))


def keep_trail(writer: TraceWriter, trace: TraceId, *events: TrailEvent) -> Envelope:
    """Add to the trail of a trace that is kept."""
    with writer.batch() as batch:
        edit = batch.edit(trace, wait=True)
        for event in events:
            edit.append_trail(event)
        assert edit.envelope is not None
        edit.commit(edit.envelope.header)
    return edit.committed


def node(text: str, parent: NodeObserved | None = None) -> NodeObserved:
    """Return what the model saw at a call: a message more than at the one before."""
    block = block_of("user", {"type": "text", "text": text}, at(9, 90, "/message/content"))
    before = parent.node_id if parent else None
    name = node_id(before, None, (block,), (None, None, None))
    return NodeObserved(node_id=name, parent=before, added=(block,), call=f"msg_{text}")


def layer(text: str) -> LayerObserved:
    """Return a layer of a Context Tree."""
    return LayerObserved(layer_id=layer_id("system", text), kind="system", content=text, size=9)


def keep_tree(writer: TraceWriter, trace: TraceId, *events: ContextEvent) -> Envelope:
    """Add to the Context Tree of a trace that is kept."""
    with writer.batch() as batch:
        edit = batch.edit(trace, wait=True)
        for event in events:
            edit.append_context(event)
        assert edit.envelope is not None
        edit.commit(edit.envelope.header)
    return edit.committed


def keep(writer: TraceWriter, trace: TraceId, *steps: KeptStep, data: bytes = LINES) -> Envelope:
    """Keep a trace of one source, or go on with it."""
    with writer.batch() as batch:
        edit = batch.edit(trace, wait=True)
        before = edit.envelope.header if edit.envelope else header()
        edit.append_source(0, data)
        for each in steps:
            edit.append_step(each)
        size = sum(known.size for known in before.sources) + len(data)
        count = max([before.steps, *(each.step.step_index for each in steps)])
        edit.commit(header(source(size), steps=count))
    return edit.committed
