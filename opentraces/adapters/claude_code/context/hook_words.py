"""What the model is told of hooks."""

from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.context.pieces import Line, Piece, Words

_TOLD_OF = frozenset(("SessionStart", "UserPromptSubmit", "UserPromptExpansion"))
_OF_TOOLS = "ToolUse"


def is_of_tool(line: Line) -> bool:
    """Whether the hook is one of a tool call."""
    event = line.attachment.get("hookEvent")
    return isinstance(event, str) and _OF_TOOLS in event


def added(line: Line) -> list[Piece]:
    """Return context that a hook added."""
    texts = line.texts("content")
    words = _named(line, " hook additional context: ")
    for number, (place, _) in enumerate(texts):
        words.say("\n" if number else "").take(line, "content", place)
    return [words.reminder()] if texts else []


def succeeded(line: Line) -> list[Piece]:
    """Return what a hook printed, where that is told."""
    event, content = text(line.attachment.get("hookEvent")), text(line.attachment.get("content"))
    if event not in _TOLD_OF or content is None:
        return []
    return [_named(line, " hook success: ").take(line, "content").reminder()]


def blocked(line: Line) -> list[Piece]:
    """Return why a hook blocked."""
    words = _named(line, ' hook blocking error from command: "')
    words.take(line, "blockingError", "command").say('": ')
    return [words.take(line, "blockingError", "blockingError").reminder()]


def stopped(line: Line) -> list[Piece]:
    """Return why a hook stopped the agent."""
    return [_named(line, " hook stopped continuation: ").take(line, "message").reminder()]


def _named(line: Line, what: str) -> Words:
    return Words().take(line, "hookName").say(what)
