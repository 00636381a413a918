"""What the model is told of an attachment: the words that Claude Code makes of it."""

from collections.abc import Callable
from typing import Any

from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.claude_code.context import files, hook_words, listings
from opentraces.adapters.claude_code.context.pieces import Line, Piece, Words
from opentraces.adapters.claude_code.context.queued import queued

Maker = Callable[[Line], list[Piece] | None]

_CHANGED = (
    " was modified, either by the user or by a linter. This change was intentional, so make sure "
    "to take it into account as you proceed (ie. don't revert it unless the user asks you to). "
    "Don't tell the user this, since they are already aware. "
)
_SHOWN = "Here are the relevant changes (shown with line numbers):\n"
_OMITTED = (
    "The diff was omitted because other modified files in this turn already exceeded the snippet "
    "budget; use the Read tool if you need the current content."
)
_TOO_LARGE = (
    " was read before the last conversation was summarized, but the contents are too large to "
    "include. Use Read tool if you need to access it."
)
_SILENT = frozenset(
    [
        "already_read_file",
        "command_permissions",
        "context_efficiency",
        "context_tip",
        "dynamic_skill",
        "edited_image_file",
        "goal_status",
        "hook_cancelled",
        "hook_deferred_tool",
        "hook_error_during_execution",
        "hook_non_blocking_error",
        "hook_permission_decision",
        "hook_system_message",
        "max_turns_reached",
        "prompt_snapshot",
        "structured_output",
        "teammate_shutdown_batch",
    ]
)


def attached(line: Line) -> list[Piece] | None:
    """Return the blocks that an attachment becomes. None: it is not known what it becomes."""
    rendered = line.value.get("rendered")
    if isinstance(rendered, list):
        return [piece for n, each in enumerate(rendered) for piece in _rendered(line, n, each)]
    kind = text(line.attachment.get("type")) or ""
    if kind in _SILENT:
        return []
    maker = _MAKERS.get(kind)
    return maker(line) if maker else None


def _rendered(line: Line, number: int, each: Any) -> list[Piece]:
    content = mapping(each).get("content")
    if isinstance(content, str):
        return [Piece(content, line.at("rendered", number, "content"))]
    blocks = content if isinstance(content, list) else []
    return [
        Piece(block, line.at("rendered", number, "content", n)) for n, block in enumerate(blocks)
    ]


def _memory(line: Line) -> list[Piece]:
    words = Words().say("Contents of ").take(line, "content", "path").say(":\n\n")
    return [words.take(line, "content", "content").reminder()]


def _edited(line: Line) -> list[Piece]:
    words = Words().say("Note: ").take(line, "filename").say(_CHANGED)
    words.say(_SHOWN if line.attachment.get("snippet") else _OMITTED)
    return [words.take(line, "snippet").reminder()]


def _compacted_file(line: Line) -> list[Piece]:
    return [Words().say("Note: ").take(line, "filename").say(_TOO_LARGE).reminder()]


def _new_date(line: Line) -> list[Piece]:
    words = Words().say("The date has changed. Today's date is now ").take(line, "newDate")
    words.say(". DO NOT mention this to the user explicitly because they are already aware.")
    return [words.reminder()]


def _plain(key: str) -> Maker:
    return lambda line: (
        [Words().take(line, key).reminder()] if text(line.attachment.get(key)) else []
    )


_MAKERS: dict[str, Maker] = {
    "agent_listing_delta": listings.agents,
    "compact_file_reference": _compacted_file,
    "critical_system_reminder": _plain("content"),
    "date_change": _new_date,
    "deferred_tools_delta": listings.tools,
    "directory": files.directory,
    "edited_text_file": _edited,
    "file": files.file,
    "hook_additional_context": hook_words.added,
    "hook_blocking_error": hook_words.blocked,
    "hook_stopped_continuation": hook_words.stopped,
    "hook_success": hook_words.succeeded,
    "invoked_skills": listings.invoked,
    "nested_memory": _memory,
    "queued_command": queued,
    "skill_listing": listings.skills,
    "task_reminder": listings.tasks,
    "todo_reminder": listings.todo,
    "total_tokens_reminder": _plain("text"),
}
