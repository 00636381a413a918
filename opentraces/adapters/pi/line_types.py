"""The types of lines that Pi is known to write, in all versions of its format.

Every line is named by its type, one of a message also by who speaks: `message/user`, `compaction`.
"""

import re
from typing import Any, NamedTuple

from opentraces.adapters._reading.jsonl import Giant, decode
from opentraces.adapters._reading.values import mapping, text

HEADER = "session"
"""The first line of a session. It is no entry: it has no place in the tree."""

MESSAGE = "message/"

LINES = frozenset(
    (
        HEADER,
        "model_change",
        "thinking_level_change",
        "compaction",
        "branch_summary",
        "label",
        "session_info",
        "custom",
        "custom_message",
        "context_edit",
        "usage",
    )
)
"""Types of lines that are no message."""

ROLES = frozenset(
    (
        "user",
        "assistant",
        "toolResult",
        "bashExecution",
        "system",
        "custom",
        "hookMessage",
        "branchSummary",
        "compactionSummary",
    )
)
"""Who speaks in a message."""

BLANK = "blank"
"""The name under which lines without a character are counted; they are recognised."""

_FIELD = rb'"%s":\s?"([\x20\x21\x23-\x5b\x5d-\x7e]{1,200})"'
_FIELDS = {
    key: re.compile(_FIELD % key.encode())
    for key in ("type", "id", "parentId", "timestamp", "role", "toolCallId", "responseId")
}
_FAILED = re.compile(rb'"isError":\s?(true|false)')
_USAGE = re.compile(rb'"usage":\s?(\{[^{}]*(?:\{[^{}]*\}[^{}]*)?\})')


class Line(NamedTuple):
    """One line, told apart."""

    name: str
    """What it is, as this module names it."""

    entry: dict[str, Any]
    """What it says."""

    is_known: bool
    """Whether its type is one that Pi is known to write."""

    @property
    def message(self) -> dict[str, Any]:
        """What is said in it; empty: it is no message."""
        return mapping(self.entry.get("message"))


def told_apart(value: dict[str, Any]) -> Line:
    """Name a line."""
    kind = text(value.get("type")) or "(none)"
    if kind != "message":
        return Line(kind, value, kind in LINES)
    role = text(mapping(value.get("message")).get("role")) or "(none)"
    return Line(MESSAGE + role, value, role in ROLES)


def sniff(giant: Giant) -> Line:
    """Tell what a line too long to be parsed is, by its two ends."""
    said: dict[str, Any] = {}
    for key, pattern in _FIELDS.items():
        found = pattern.search(giant.head) or pattern.search(giant.tail)
        if found:
            said[key] = found[1].decode()
    message: dict[str, Any] = {key: said.get(key) for key in ("role", "toolCallId", "responseId")}
    spent = _USAGE.search(giant.tail)
    if spent:
        message["usage"] = decode(spent[1])
    failed = _FAILED.search(giant.tail)
    if failed:
        message["isError"] = failed[1] == b"true"
    return told_apart({**said, "message": message})
