"""The types of lines that Claude Code is known to write, and how a long one is told apart."""

import re
from typing import NamedTuple

from opentraces.adapters._reading.jsonl import Giant

KNOWN = frozenset(
    [
        "user",
        "assistant",
        "attachment",
        "system",
        "progress",
        "queue-operation",
        "last-prompt",
        "mode",
        "permission-mode",
        "ai-title",
        "custom-title",
        "summary",
        "tag",
        "api-request",
        "api-request-blob",
        "api-request-shape",
        "cost-state",
        "tools-used",
        "file-history-snapshot",
        "file-history-delta",
        "attribution-snapshot",
        "content-replacement",
        "agent-name",
        "agent-color",
        "agent-setting",
        "pr-link",
        "frame-link",
        "bridge-session",
        "ended-by-model",
        "relocated",
        "worktree-state",
        "isolation-latch",
        "atis-latch",
        "speculation-accept",
        "marble-origami-commit",
        "marble-origami-snapshot",
        "marble-origami-reset",
        "fork-context-ref",
    ]
)
"""Types with a meaning that is known; any other is kept and counted as unknown."""

BLANK = "blank"
"""The name under which lines without a character are counted; they are recognised."""

_FIELD = rb'"%s":\s?"([\x20\x21\x23-\x5b\x5d-\x7e]{1,200})"'
_TYPE = re.compile(_FIELD % b"type")
_UUID = re.compile(_FIELD % b"uuid")
_TIMESTAMP = re.compile(_FIELD % b"timestamp")
_ANSWERED = re.compile(_FIELD % b"tool_use_id")


class Sniffed(NamedTuple):
    """What the two ends of a line show, without reading it."""

    type: str | None
    """The line's type. None: neither end shows a known one."""

    uuid: str | None
    """The line's own id. None: not shown."""

    timestamp: str | None
    """When it was written. None: not shown."""

    tool_use_id: str | None
    """The tool call it answers. None: not shown, or it answers none."""


def sniff(giant: Giant) -> Sniffed:
    """Tell what a line too long to be parsed is."""
    head, tail = giant.head, giant.tail
    types = [each.decode() for each in (*_TYPE.findall(head), *_TYPE.findall(tail))]
    known = [name for name in types if name in KNOWN]
    kind = "user" if "tool_result" in types else known[0] if known else None
    return Sniffed(
        type=kind,
        uuid=_last(_UUID, tail) or _first(_UUID, head),
        timestamp=_last(_TIMESTAMP, tail) or _first(_TIMESTAMP, head),
        tool_use_id=_first(_ANSWERED, head) if kind == "user" else None,
    )


def _first(pattern: re.Pattern[bytes], edge: bytes) -> str | None:
    found = pattern.search(edge)
    return found[1].decode() if found else None


def _last(pattern: re.Pattern[bytes], edge: bytes) -> str | None:
    found = pattern.findall(edge)
    return found[-1].decode() if found else None
