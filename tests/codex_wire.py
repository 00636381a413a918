"""What is told of Codex's calls, beside what the model was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentraces.adapters._reading.jsonl import complete_lines
from opentraces.adapters.codex_cli.automaton import RolloutAutomaton
from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.comparing import MISSING, Compared, compared
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.responses import messages_of
from opentraces.domain.context.templates import render
from opentraces.domain.ids import read_json
from tests.contracts.context_events import (
    Lines,
    assert_context_sound,
    by_id,
    layers_of,
    nodes_of,
)
from tests.contracts.trace_parser import Source, read, transcript

Request = Mapping[str, Any]

COMPACTION = "You are performing a CONTEXT CHECKPOINT COMPACTION."
"""How what asks for a summary begins; it stands in no rollout."""


@dataclass(frozen=True)
class Told:
    """One call, as a rollout tells of it."""

    response: str
    """The id of the answer."""

    node: NodeObserved
    """What the model saw."""

    blocks: Sequence[Block]
    """All that it saw."""

    layers: Mapping[str, Any]
    """The layers of the node, by kind."""


def told(data: bytes, before: Sequence[Block] = ()) -> list[Told]:
    """Return the calls of a rollout, checked for soundness; `before`: what it goes on from."""
    source = transcript(data)
    found = read(CodexCliParser(), source)
    assert_context_sound(source, found, "answer")
    nodes = by_id(nodes_of(found))
    layers = _layers(source)
    answers = {
        each.native["answer"]: each.native.get("response_id", "")
        for each in found.steps
        if each.step.role == "agent"
    }
    return [
        Told(
            answers[node.call or ""],
            node,
            [*(before if "history_elsewhere" in node.limitations else ()), *blocks_at(nodes, name)],
            {
                kind: layers[layer]
                for kind in ("system", "tool_registry", "runtime_state")
                if (layer := getattr(node, kind)) is not None
            },
        )
        for name, node in nodes.items()
    ]


def standing(data: bytes) -> list[Block]:
    """Return what a model called at the end of a rollout would see."""
    automaton = RolloutAutomaton()
    for offset, line in complete_lines([data], 0):
        automaton.take(offset, line)
    calls = told(data)
    return [*(calls[-1].blocks if calls else ()), *automaton.scene.context.waiting]


def told_in(path: Path, folder: Path) -> list[Told]:
    """Return the calls of a rollout, whose base, if it has one, is below a folder too."""
    data = path.read_bytes()
    base = read_json(data.split(b"\n", 1)[0])["payload"].get("history_base")
    if base is None:
        return told(data)
    (other,) = folder.rglob(f"rollout-*-{base['thread_id']}.jsonl")
    return told(data, standing(other.read_bytes()[: base["end_byte_offset"]]))


def assert_is_what_was_sent(call: Told, request: Request) -> Compared:
    """Check that all that is told was sent, and that what is not told is what is documented."""
    sent = request["input"]
    found = compared(call.blocks, messages_of(sent))
    assert found.equal == found.ours, found
    unsaid = [sent[each.sent] for each in found.differences if each.sent is not None]
    assert all(kind.startswith(MISSING) for kind in found.kinds)
    asked = [each for each in unsaid if _text(each).startswith(COMPACTION)]
    assert len(asked) == (call.node.purpose == "compaction")
    _assert_instructions(call, sent, [each for each in unsaid if each not in asked])
    _assert_tools(call, request)
    assert call.node.completeness["messages"] == "approximated"
    return found


def _assert_instructions(call: Told, sent: Sequence[Any], unsaid: Sequence[Any]) -> None:
    """Check the base instructions: an item that is told, or one that is told but for a line."""
    system = call.layers["system"]
    if call.node.completeness["system"] == "full":
        assert unsaid == []
        assert system in [_text(each) for each in sent]
        return
    (instructions,) = unsaid
    ours, theirs = system.splitlines(), _text(instructions).splitlines()
    assert sent.index(instructions) == 0
    assert len(set(ours) ^ set(theirs)) <= 1


def _assert_tools(call: Told, request: Request) -> None:
    catalogues = [each["tools"] for each in request["input"] if each["type"] == "additional_tools"]
    if call.node.completeness.get("tool_registry") == "full":
        assert catalogues == [call.layers["tool_registry"]]
        assert not request.get("tools")
    else:
        assert catalogues == []


def _text(item: Any) -> str:
    content = item.get("content")
    return str(content[0].get("text", "")) if isinstance(content, list) else ""


def _layers(source: Source) -> dict[str, Any]:
    kept = Lines(source.data)
    found = read(CodexCliParser(), source)
    return {each.layer_id: render(each.content, kept) for each in layers_of(found)}
