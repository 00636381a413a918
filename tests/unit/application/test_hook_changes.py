"""Changes joined with what hooks were told of them, out of a kept trace."""

import json
from collections.abc import Iterator

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.application.hook_changes import joined_changes
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.trail.file_change import FileChange, Hunk, TextPlace
from tests.contracts.hook_events import spooled
from tests.contracts.samples import LINES, A, header, source, step

OLD, NEW = "one\ntwo\n", "one\nTWO\n"
READERS = {Agent.CLAUDE_CODE: ClaudeCodeHookEvents()}


class CountingTraces(MemoryTraceStore):
    """Counts how often a source is read."""

    reads = 0

    def source(self, envelope: Envelope, number: int, offset: int) -> Iterator[bytes]:
        """See TraceStore."""
        self.reads += 1
        return super().source(envelope, number, offset)


def event(call: str) -> bytes:
    """Return what a hook wrote down of an edit."""
    patch = {"oldStart": 1, "newStart": 1, "lines": [" one", "-two", "+TWO"]}
    response = {"filePath": f"/w/{call}", "originalFile": OLD, "structuredPatch": [patch]}
    told = {"hook_event_name": "PostToolUse", "tool_name": "Edit", "tool_use_id": call}
    return spooled(json.dumps({**told, "tool_response": response}).encode(), at=1)


def change(call: str, *limitations: str) -> FileChange:
    """Return an edit as a transcript has it."""
    return FileChange(
        call=call,
        path=f"/w/{call}",
        operation="edit",
        hunks=(Hunk(old_start=1, new_start=1, lines=(" one", "-two", "+TWO")),),
        methods=("tool_result",),
        limitations=limitations,
    )


def kept(events: bytes) -> tuple[CountingTraces, Envelope]:
    """Keep a trace of a transcript and events, if there are any."""
    bucket = MemoryBucket()
    traces = CountingTraces(bucket)
    writer = MemoryTraceWriter(bucket, MemoryMarkers(lambda trace: 0))
    told = KeptSource(kind=SourceKind.HOOKS, name="hooks.jsonl", location="/e", size=len(events))
    with writer.batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.append_source(0, LINES)
        if events:
            edit.append_source(1, events)
        edit.append_step(step(1))
        edit.commit(header(source(len(LINES)), *((told,) if events else ()), steps=1))
    return traces, edit.committed


def joined(
    traces: CountingTraces, envelope: Envelope, *changes: FileChange, facts: HookFacts
) -> list[FileChange]:
    return list(joined_changes(changes, envelope, facts, traces, READERS))


def facts_of(events: bytes) -> HookFacts:
    return READERS[Agent.CLAUDE_CODE].facts([events])


def test_content_before_stands_in_the_line_of_the_event() -> None:
    events = event("a") + event("b")
    traces, envelope = kept(events)

    first, other = joined(
        traces, envelope, change("a"), change("b", "before_unknown"), facts=facts_of(events)
    )

    assert first == change("a")
    place = TextPlace(
        source=1,
        offset=len(event("a")),
        length=len(event("b")) - 1,
        pointer="/event/tool_response/originalFile",
    )
    assert other == change("b").but(
        before=place, had_file=True, methods=("hook_response", "tool_result")
    )
    line = events[place.offset : place.offset + place.length]
    assert json.loads(line)["event"]["tool_response"]["originalFile"] == OLD


def test_events_are_read_only_for_what_is_open() -> None:
    events = event("a")
    traces, envelope = kept(events)
    told = (change("a"), change("c", "before_unknown"))

    assert joined(traces, envelope, *told, facts=facts_of(events)) == list(told)
    assert traces.reads == 0
    joined(traces, envelope, change("a", "before_unknown"), facts=facts_of(events))
    assert traces.reads == 1


def test_trace_without_events_says_what_its_lines_say() -> None:
    traces, envelope = kept(b"")
    told = change("a", "before_unknown")

    assert joined(traces, envelope, told, facts=facts_of(event("a"))) == [told]
    assert traces.reads == 0


def test_agent_without_events_says_what_its_lines_say() -> None:
    events = event("a")
    traces, envelope = kept(events)
    told = change("a", "before_unknown")

    assert list(joined_changes([told], envelope, facts_of(events), traces, {})) == [told]
