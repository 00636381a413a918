"""What put the texts of a message there that is not the model's own."""

import re
from typing import Any

from opentraces.adapters._reading.values import mapping, objects, text
from opentraces.adapters.codex_cli.texts import shown_part

_TYPED = "user."
_PICTURE = re.compile(r"</?image(?: [^<>]{0,200})?>")
_SUMMARY = "Another language model started to solve this problem"
_WRAPPERS = (
    ("# AGENTS.md instructions for ", "agents_md"),
    ("<user_instructions>", "agents_md"),
    ("<INSTRUCTIONS>", "agents_md"),
    ("<environment_context>", "environment_context"),
    ("<turn_aborted>", "turn_aborted"),
    ("<hook_prompt", "hook_prompt"),
    ("<user_shell_command>", "user_shell_command"),
    ("<subagent_notification>", "subagent_notification"),
    ("<skill>", "skill"),
    (_SUMMARY, "compact_summary"),
)


def told_by(payload: dict[str, Any]) -> dict[str | None, list[str]]:
    """Return the texts of a message by what put them there; by None what somebody typed."""
    role = text(payload.get("role")) or "developer"
    passed = mapping(payload.get("internal_chat_message_metadata_passthrough"))
    kinds = passed.get("content_item_kinds")
    kinds = kinds if type(kinds) is list else []
    content = payload.get("content")
    parts = objects(content) or ([{"type": "text", "text": content}] if text(content) else [])
    groups: dict[str | None, list[str]] = {}
    for place, part in enumerate(parts):
        words = shown_part(part)
        if words is None or (role == "user" and _PICTURE.fullmatch(words)):
            continue
        kind = text(kinds[place]) if place < len(kinds) else None
        groups.setdefault(_origin(role, kind, words), []).append(words)
    return groups


def _origin(role: str, kind: str | None, words: str) -> str | None:
    """Return what put a text there. None: somebody typed it."""
    if kind is not None and kind != "unknown":
        return None if kind.startswith(_TYPED) else kind
    wrapper = next((name for start, name in _WRAPPERS if words.startswith(start)), None)
    return wrapper or (None if role == "user" else role)
