"""The types of lines that Codex is known to write, in each of its dialects.

Every line is named by its type and, where a payload has a type of its own, that one's:
`response_item/message`, `event_msg/token_count`, `item/CommandExecution`. Releases before the
envelope wrote payloads bare; such a line has the name that it has with an envelope.
"""

import re
from typing import Any, NamedTuple

from opentraces.adapters._reading.jsonl import Giant
from opentraces.adapters._reading.values import mapping, text

LINES = frozenset(
    (
        "session_meta",
        "dynamic_tools_updated",
        "inter_agent_communication",
        "inter_agent_communication_metadata",
        "compacted",
        "turn_context",
        "token_usage_record",
        "world_state",
        "security_risk_score",
        "realtime_item",
    )
)
"""Types of lines whose payload has no type of its own that matters."""

RESPONSE_ITEMS = frozenset(
    (
        "message",
        "additional_tools",
        "agent_message",
        "reasoning",
        "local_shell_call",
        "function_call",
        "function_call_output",
        "tool_search_call",
        "tool_search_output",
        "custom_tool_call",
        "custom_tool_call_output",
        "web_search_call",
        "image_generation_call",
        "compaction",
        "compaction_summary",
        "context_compaction",
        "ghost_snapshot",
    )
)
"""What the model was given, or gave."""

EVENTS = frozenset(
    (
        "task_started",
        "task_complete",
        "turn_aborted",
        "token_count",
        "thread_settings_applied",
        "user_message",
        "agent_message",
        "agent_reasoning",
        "agent_reasoning_raw_content",
        "agent_reasoning_section_break",
        "exec_command_begin",
        "exec_command_end",
        "patch_apply_begin",
        "patch_apply_end",
        "mcp_tool_call_begin",
        "mcp_tool_call_end",
        "web_search_begin",
        "web_search_end",
        "image_generation_end",
        "view_image_tool_call",
        "context_compacted",
        "thread_rolled_back",
        "thread_goal_updated",
        "thread_name_updated",
        "entered_review_mode",
        "exited_review_mode",
        "sub_agent_activity",
        "collab_agent_spawn_end",
        "plan_update",
        "turn_diff",
        "background_event",
        "error",
        "stream_error",
        "warning",
        "undo_completed",
    )
)
"""What happened, as the program told its own screen."""

ITEMS = frozenset(
    (
        "UserMessage",
        "AgentMessage",
        "Reasoning",
        "CommandExecution",
        "FileChange",
        "WebSearch",
        "ContextCompaction",
        "HookPrompt",
        "SubAgentActivity",
        "CollabAgentToolCall",
        "McpToolCall",
        "DynamicToolCall",
        "Plan",
        "FunctionCallOutput",
        "ImageView",
        "ImageGeneration",
        "Sleep",
        "EnteredReviewMode",
        "ExitedReviewMode",
    )
)
"""What an `item_completed` event holds."""

BLANK = "blank"
"""The name under which lines without a character are counted; they are recognised."""

RESPONSE, EVENT, ITEM = "response_item/", "event_msg/", "item/"

_FIELD = rb'"%s":\s?"([\x20\x21\x23-\x5b\x5d-\x7e]{1,200})"'
_TYPES = re.compile(_FIELD % b"type")
_STAMP = re.compile(_FIELD % b"timestamp")
_CALL = re.compile(_FIELD % b"call_id")


class Line(NamedTuple):
    """One line, told apart."""

    name: str
    """What it is, as this module names it."""

    payload: dict[str, Any]
    """What it says."""

    is_known: bool
    """Whether its type is one that Codex is known to write."""


UNREAD = Line("", {}, False)
"""A line of which nothing is told."""


def told_apart(line: dict[str, Any]) -> Line:
    """Say what a line is, by its shape where it has no envelope."""
    kind = line.get("type")
    payload = line.get("payload")
    if type(payload) is dict and type(kind) is str:
        return _enveloped(kind, payload)
    if "payload" not in line and type(kind) is str and kind in RESPONSE_ITEMS:
        return Line(RESPONSE + kind, line, True)
    if kind is None and {"id", "timestamp"} <= line.keys():
        return Line("session_meta", line, True)
    if kind is None and type(line.get("record_type")) is str:
        return Line("record", line, True)
    return Line(text(kind) or "(none)", {}, type(kind) is str and kind in LINES)


def _enveloped(kind: str, payload: dict[str, Any]) -> Line:
    inner = text(payload.get("type")) or "(none)"
    if kind == "response_item":
        return Line(RESPONSE + inner, payload, inner in RESPONSE_ITEMS)
    if kind == "event_msg" and inner == "item_completed":
        item = mapping(payload.get("item"))
        told = text(item.get("type")) or "(none)"
        return Line(ITEM + told, payload, told in ITEMS)
    if kind == "event_msg":
        return Line(EVENT + inner, payload, inner in EVENTS)
    return Line(kind, payload, kind in LINES)


class Sniffed(NamedTuple):
    """What the two ends of a line show, without reading it."""

    line: Line
    """What it seems to be; its payload holds no more than the call it belongs to."""

    timestamp: str | None
    """When it was written. None: not shown."""


def sniff(giant: Giant) -> Sniffed:
    """Tell what a line too long to be parsed is."""
    types = [each.decode() for each in _TYPES.findall(giant.head)]
    call = _CALL.search(giant.head) or _CALL.search(giant.tail)
    payload: dict[str, Any] = {"call_id": call[1].decode()} if call else {}
    kind, inner, item = (*types, "", "", "")[:3]
    if inner == "item_completed":
        payload["item"] = {"type": item}
    stamp = _STAMP.search(giant.head)
    return Sniffed(
        line=_enveloped(kind, {**payload, "type": inner}),
        timestamp=stamp[1].decode() if stamp else None,
    )
