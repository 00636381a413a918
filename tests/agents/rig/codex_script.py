"""What the scripted model of Codex answers, item by item, as the Responses API has them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, TypeAlias

Item: TypeAlias = Mapping[str, Any]
"""One item of a response; its ids are given when it is sent."""

COMPACTION = "CONTEXT CHECKPOINT COMPACTION"
"""What the client asks for when it compacts a conversation."""

TITLE = "Generate a concise, single-line task title"
"""What the client asks for beside a conversation in a terminal."""


WHY = "May I touch a file?"
"""What the model says when a permission is asked for."""


@dataclass(frozen=True)
class Answer:
    """One response."""

    items: tuple[Item, ...]
    input_tokens: int = 1000
    """How long the conversation is said to be."""


@dataclass(frozen=True)
class Held:
    """A response that begins, and goes on when it is released, 30 s later at most."""

    answer: Answer
    released: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Failure:
    """An HTTP error instead of a response."""

    status: int


Reply: TypeAlias = Answer | Held | Failure


@dataclass(frozen=True)
class Lane:
    """The replies to one conversation, in order, over all processes that continue it."""

    marker: str
    """A word of a prompt: the lane whose marker was typed last is asked."""

    replies: tuple[Reply, ...]
    is_own: bool = False
    """Whether the marker is a word of the client's own: then no other lane is asked."""


def answer(*items: Item) -> Answer:
    """Return the response of these items."""
    return Answer(items)


def says(text: str) -> Item:
    """Words for the user."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"type": "message", "role": "assistant", "status": "completed", "content": content}


def thinks(summary: str) -> Item:
    """Reasoning: its summary, and the sealed form that the client hands back."""
    parts = [{"type": "summary_text", "text": summary}]
    return {"type": "reasoning", "summary": parts, "encrypted_content": "c2VhbGVk"}


def calls(tool: str, namespace: str | None = None, **arguments: Any) -> Item:
    """Return the call of a tool that takes JSON."""
    spaced = {"namespace": namespace} if namespace else {}
    return {
        "type": "function_call",
        "name": tool,
        "arguments": json.dumps(arguments),
        **spaced,
    }


def runs(command: str, **more: Any) -> Item:
    """Return the call of a shell command; unless told otherwise it is waited for, for 30 s."""
    return calls("exec_command", cmd=command, **{"yield_time_ms": 30_000, **more})


def asks(command: str) -> Item:
    """Return the call of a command that is to be run without the sandbox."""
    return runs(command, sandbox_permissions="require_escalated", justification=WHY)


def writes(tool: str, text: str) -> Item:
    """Return the call of a tool that takes bare text: `apply_patch`, or the script of `exec`."""
    return {"type": "custom_tool_call", "status": "completed", "name": tool, "input": text}
