"""Sessions of the real Claude Code whose bodies were recorded, and what is kept of them.

Their lines are read in two ways: by our parser, and by their order alone, each message being what
follows the one before. The second leaves out much of what was sent; bodies need no more.
"""

import lzma
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.claude_code.request_bodies import answer_in, said_in, session_in
from opentraces.domain.context.blocks import Block, block_of, normal
from opentraces.domain.context.body_keeper import BodyEvents, BodyKeeper
from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.growing import Call, GrowingContext
from opentraces.domain.context.joining import Joined
from opentraces.domain.context.kept_bodies import KeptBodies
from opentraces.domain.context.known_values import KnownValues
from opentraces.domain.context.lines import of_source
from opentraces.domain.context.messages import flattened
from opentraces.domain.context.node_ids import normal_layer
from opentraces.domain.context.templates import Place, at, placed, pointed, render
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import blob_id
from opentraces.domain.session import SourceFile, SourceKind

DATA = Path(__file__).parent / "data" / "claude-code-bodies"
SCENARIOS = ("edit_commit", "failures", "interactive", "long", "resume", "subagent")


@dataclass(frozen=True)
class Wire:
    """One request as the scripted model got it."""

    session: str
    agent: str | None
    """The sub-agent that made it."""

    message_id: str
    """The answer that was begun, if it was."""

    body: dict[str, Any]


@dataclass(frozen=True)
class Session:
    """One session of a scenario."""

    id: str
    sources: tuple[bytes, ...]
    """Its own lines, then those of its sub-agents."""

    bodies: tuple[tuple[str, bytes], ...]
    """Name and bytes of each body, in the order of writing."""

    wire: tuple[Wire, ...]


@cache
def sessions(scenario: str) -> tuple[Session, ...]:
    """Return the sessions of a scenario that have bodies, by id."""
    bodies = recorded(DATA / scenario / "bodies.tar.xz")
    with lzma.open(DATA / scenario / "wire.jsonl.xz") as lines:
        wire = [
            Wire(said["session"], said["agent"], said["message_id"], said["body"])
            for said in map(orjson.loads, lines)
        ]
    found = {session_in(data) for name, data in bodies if is_request(name)} - {None}
    return tuple(_session(scenario, str(each), bodies, wire) for each in sorted(map(str, found)))


def all_sessions() -> list[Any]:
    """Return every recorded session, as pairs of a scenario and its own place in it."""
    return [(each, n) for each in SCENARIOS for n in range(len(sessions(each)))]


def is_request(name: str) -> bool:
    return name.endswith(".request.json")


def recorded(file: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(file) as archive:
        files = ((member.name, archive.extractfile(member)) for member in archive)
        return [(name, opened.read()) for name, opened in files if opened]


def _session(
    scenario: str, session: str, bodies: list[tuple[str, bytes]], wire: list[Wire]
) -> Session:
    projects = DATA / scenario / "projects"
    own = [path.read_bytes() for path in sorted(projects.glob(f"*/{session}.jsonl"))] or [b""]
    helpers = sorted(projects.glob(f"*/{session}/subagents/*.jsonl"))
    answers = {each.message_id for each in wire if each.session == session}
    return Session(
        session,
        (*own, *(path.read_bytes() for path in helpers)),
        tuple(
            (name, data)
            for name, data in bodies
            if (session_in(data) == session if is_request(name) else answer_in(data) in answers)
        ),
        tuple(each for each in wire if each.session == session),
    )


def told(session: Session) -> tuple[list[ContextEvent], list[Block]]:
    """Return the nodes that a session's lines tell of, and the blocks of answers to nobody."""
    events: list[ContextEvent] = []
    left: list[Block] = []
    for number, data in enumerate(session.sources):
        context = _by_order(data)
        events += [of_source(event, number) for event in context.take()]
        left += [each.moved(placed(each.content, number)) for each in context.waiting]
    return events, left


def parsed(session: Session) -> tuple[list[ContextEvent], list[Block]]:
    """Return the nodes that our parser tells of; it keeps blocks of answers to nobody to itself."""
    events: list[ContextEvent] = []
    for number, data in enumerate(session.sources):
        kind = SourceKind.SUBAGENT if number else SourceKind.TRANSCRIPT
        name = f"p/s/subagents/agent-a{number}.jsonl" if number else "p/s.jsonl"
        file = SourceFile(name, kind, name, len(data), "")
        parse = ClaudeCodeParser().parse(file, [data], None, {})
        for _ in parse.steps():
            pass
        events += [of_source(event, number) for event in parse.context()]
    return events, []


Reading = Callable[[Session], tuple[list[ContextEvent], list[Block]]]
READINGS: Mapping[str, Reading] = {"by order": told, "parsed": parsed}


def _by_order(data: bytes) -> GrowingContext:
    context = GrowingContext()
    answered: set[str] = set()
    results: list[tuple[str, Any, Any]] = []
    for offset, length, line in _lines(data):
        message = line.get("message")
        if not message or line.get("isApiErrorMessage") or message.get("model") == "<synthetic>":
            continue
        if line.get("isCompactSummary"):
            context.go_to(context.point, "compaction_fork", 0)
        if line["type"] == "assistant" and message["id"] not in answered:
            _flush(context, results)
            answered.add(message["id"])
            context.call(Call(id=message["id"]))
        for pointer, block in _blocks(message["content"]):
            said = (message["role"], block, at(offset, length, pointer))
            # The results of parallel calls stand between the blocks of the answer that made them.
            if line["type"] == "assistant":
                context.add(*said)
            else:
                results.append(said)
    _flush(context, results)
    return context


def _flush(context: GrowingContext, results: list[tuple[str, Any, Any]]) -> None:
    for said in results:
        context.add(*said)
    results.clear()


def _lines(data: bytes) -> Iterator[tuple[int, int, dict[str, Any]]]:
    offset = 0
    for line in data.splitlines(keepends=True):
        yield offset, len(line) - 1, orjson.loads(line)
        offset += len(line)


def _blocks(content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, str):
        yield "/message/content", content
    else:
        for number, block in enumerate(content):
            yield f"/message/content/{number}", block


@dataclass
class Stored:
    """Sources and blobs that templates refer to."""

    sources: tuple[bytes, ...]
    blobs: dict[str, bytes] = field(default_factory=dict)

    def put(self, data: bytes) -> str:
        self.blobs[blob_id(data)] = data
        return blob_id(data)

    def value(self, place: Place) -> Any:
        source, offset, length, pointer = place
        return pointed(orjson.loads(self.sources[source][offset : offset + length]), pointer)

    def blob(self, blob: str) -> Any:
        return orjson.loads(self.blobs[blob])


@dataclass
class Keeping:
    """What is kept of a session, one ingest after the other."""

    stored: Stored
    events: list[ContextEvent] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session, read: Reading = told) -> "Keeping":
        """Keep a session's lines, and then all its bodies."""
        keeping = cls(Stored(session.sources))
        keeping.keep(*read(session), session.bodies)
        return keeping

    @property
    def values(self) -> KeptBodies:
        """What templates of these events stand for."""
        return KeptBodies(self.stored, self.events)

    def known(self, values: KeptBodies) -> KnownValues:
        """What bodies may refer to."""
        known = KnownValues(values, self.stored.put)
        for event in self.events:
            if isinstance(event, NodeObserved) and event.capture_method != "live_capture":
                known.learn(event.added)
        return known

    def keep(
        self,
        lines: Iterable[ContextEvent],
        left: Iterable[Block],
        bodies: Sequence[tuple[str, bytes]],
    ) -> None:
        """Keep what lines tell and bodies; whatever was kept before is known by its events."""
        self.events += lines
        keeper = BodyKeeper(self.stored, self.stored.put, said_in, self.events)
        keeper.learn(left)
        for name, data in bodies:
            added = keeper.keep(name, "request" if is_request(name) else "response", data)
            assert set(added.blobs) <= self.stored.blobs.keys()
            self.events += added.events
        for name, data in bodies:
            assert keeper.keep(name, "request", data) == BodyEvents()


def text_block(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def block(role: str, text: str) -> Block:
    return block_of(role, text, text)


def live_calls(found: Joined) -> dict[str, NodeObserved]:
    """Return the calls of which a request was kept, by their answers."""
    return {
        answer: node
        for (_, answer), node in found.calls.items()
        if node.capture_method == "live_capture"
    }


def answers_with_body(session: Session, read: Reading = told) -> set[str]:
    """Return the answers that are in a session's lines, and whose response was written down."""
    events, _ = read(session)
    calls = {event.call for event in events if isinstance(event, NodeObserved)}
    responses = (orjson.loads(data) for name, data in session.bodies if not is_request(name))
    return {str(said["id"]) for said in responses if said["id"] in calls}


def assert_is_what_was_sent(
    tree: ContextTree, values: KeptBodies, node: NodeObserved, sent: Mapping[str, Any]
) -> None:
    """Fail unless all that a node stands for is what the model was sent, thinking included."""
    blocks = [(each.role, render(each.content, values)) for each in tree.blocks(node.node_id)]
    system, tools = (
        render(tree.layers[layer].content, values)
        for layer in (node.system, node.tool_registry)
        if layer
    )
    wire = flattened(sent["messages"])
    assert [(role, _compared(each)) for role, each in blocks] == [
        (role, _compared(each)) for role, each in wire
    ]
    assert normal_layer(system) == normal_layer(sent.get("system", []))
    assert normal_layer(tools) == normal_layer(sent.get("tools", []))
    assert set(node.completeness.values()) == {"full"}
    assert node.limitations == ()


def _compared(block: Any) -> Any:
    """Return a block as it is compared, with all of its thinking."""
    thinking = block.get("thinking") if isinstance(block, dict) else None
    said = normal(block)
    return said if thinking is None else {**said, "thinking": thinking}
