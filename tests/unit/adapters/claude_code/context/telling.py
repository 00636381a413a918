"""Lines of a transcript, told one after the other, and what the model saw of them."""

import json
from dataclasses import dataclass, field
from typing import Any

from opentraces.adapters.claude_code.context.transcript import TranscriptContext
from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from tests.contracts.context_events import Lines, by_id

RESULT = "tool_result"


@dataclass
class Story:
    """A transcript that grows. Each line goes on from the one before, unless told otherwise."""

    is_main: bool = True
    version: str = "2.1.197"
    data: bytes = b""
    events: list[ContextEvent] = field(default_factory=list)
    last: str | None = None
    _context: TranscriptContext | None = None

    def line(self, uuid: str, kind: str, **more: Any) -> None:
        """Tell a line; its state is saved and restored before."""
        value = {
            "type": kind,
            "uuid": uuid,
            "parentUuid": self.last,
            "timestamp": "2026-11-01T10:00:00.000Z",
            "version": self.version,
            **more,
        }
        raw = json.dumps(value).encode()
        context = TranscriptContext(is_main=self.is_main)
        if self._context is not None:
            context.restore(json.loads(json.dumps(self._context.saved())))
        context.take(json.loads(raw), len(self.data), len(raw))
        self.events += context.events()
        self._context, self.last = context, uuid
        self.data += raw + b"\n"

    def typed(self, text: Any, uuid: str = "", **more: Any) -> None:
        """Tell what a person typed."""
        prompt = {"promptId": f"p-{uuid or text}", **more}
        self.line(uuid or f"u-{text}", "user", message={"content": text}, **prompt)

    def answer(self, message: str, *blocks: dict[str, Any], uuid: str = "", **more: Any) -> None:
        """Tell an answer of the model; without blocks, its words are its id."""
        content = [*blocks] or [said(message)]
        told = {"id": message, "model": "claude-sonnet-4-5", "content": content}
        self.line(uuid or f"a-{message}", "assistant", message=told, **more)

    def result(self, call: str, content: Any, **more: Any) -> None:
        """Tell what a call gave back; it hangs on the line of the call."""
        block = {"type": RESULT, "tool_use_id": call, "content": content}
        self.line(f"r-{call}", "user", message={"content": [block]}, **more)

    def attached(self, kind: str, uuid: str = "", **more: Any) -> None:
        """Tell an attachment."""
        beside = more.pop("beside", {})
        attachment = {"type": kind, **more}
        self.line(
            uuid or f"t-{kind}-{len(self.data)}", "attachment", attachment=attachment, **beside
        )

    def miss(self) -> None:
        """Tell a line that is too long to be read."""
        assert self._context is not None
        self._context.miss()

    @property
    def nodes(self) -> list[NodeObserved]:
        """The nodes, in order."""
        return [each for each in self.events if isinstance(each, NodeObserved)]

    @property
    def layers(self) -> list[LayerObserved]:
        """The layers, in order."""
        return [each for each in self.events if isinstance(each, LayerObserved)]

    def node(self, call: str) -> NodeObserved:
        """Return the node of an answer."""
        (node,) = (each for each in self.nodes if each.call == call)
        return node

    def saw(self, call: str) -> list[str]:
        """Return all that the model saw at an answer, each block in a word; checks their ids."""
        blocks = blocks_at(by_id(self.nodes), self.node(call).node_id)
        values = [(each.role, render(each.content, Lines(self.data))) for each in blocks]
        named = [block_id(role, value) for role, value in values]
        assert [each.id for each in blocks] == named
        return [word for value in values if (word := _word(*value))]


def said(text: str) -> dict[str, Any]:
    """Return a block of text."""
    return {"type": "text", "text": text}


def called(call: str) -> dict[str, Any]:
    """Return the block of a call."""
    return {"type": "tool_use", "id": call, "name": "Bash", "input": {"command": call}}


def _word(role: str, value: Any) -> str:
    """Say a block; the day, which is always the same, is left out."""
    if isinstance(value, dict):
        if value["type"] == RESULT:
            return f"{value['tool_use_id']}: {value['content']}"
        value = value.get("text") or f"{value.get('id') or value['type']}?"
    return "" if "# currentDate" in value else f"{role[0]} {value}"
