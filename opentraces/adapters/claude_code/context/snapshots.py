"""System prompt and tools, where a release writes them down."""

from typing import Any

from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.context.pieces import Line, Words
from opentraces.domain.context.growing import GrowingContext

SNAPSHOT = "prompt_snapshot"
"""The type of the attachment."""


def note_snapshot(context: GrowingContext, line: Line) -> None:
    """Let a snapshot be the layers that it shows; an attachment of another type is none."""
    attachment = line.attachment
    if attachment.get("type") != SNAPSHOT:
        return
    _note_system(context, line)
    tools = attachment.get("tools")
    if isinstance(tools, list) and tools:
        kept = line.at("attachment", "tools")
        context.layer("tool_registry", tools, kept, "approximated")


def _note_system(context: GrowingContext, line: Line) -> None:
    texts = line.texts("systemPrompt")
    if not texts:
        return
    words = Words()
    for number, (place, _) in enumerate(texts):
        words.say("\n\n" if number else "").take(line, "systemPrompt", place)
    whole = words.piece()
    values, kept = [_text(whole.text)], [_text(whole.content)]
    first = text(line.attachment.get("cliPrefix"))
    if first is not None:
        values.insert(0, _text(first))
        kept.insert(0, _text(line.at("attachment", "cliPrefix")))
    context.layer("system", values, kept, "approximated" if first is None else "full")


def _text(words: Any) -> dict[str, Any]:
    return {"type": "text", "text": words}
