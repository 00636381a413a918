"""Items of the Responses API, each as one block.

A request to it is a list of items: messages, calls, what came of them, reasoning. Each item is a
block as it stands, less what names it or is about it only: a summary that takes the place of a
conversation repeats what the model is told under new names, and it is the same to the model.
"""

from collections.abc import Iterable, Mapping
from typing import Any

UNSAID = ("id", "internal_chat_message_metadata_passthrough")
"""Keys of an item that are no part of its block."""

_SAYS = "role"
_HEARD = frozenset(("agent_message",))
_OUTPUT = "_output"


def said_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the block that an item is."""
    return {key: value for key, value in item.items() if key not in UNSAID}


def role_of(item: Mapping[str, Any]) -> str:
    """Return who speaks: what the item says, `tool` for what came of a call.

    For what another agent says `user`; for all else, which the model made, `assistant`.
    """
    role, kind = item.get(_SAYS), item.get("type")
    if isinstance(role, str) and role:
        return role
    if isinstance(kind, str) and kind.endswith(_OUTPUT):
        return "tool"
    return "user" if kind in _HEARD else "assistant"


def messages_of(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the `input` of a request as messages, one for each item."""
    return [
        {"role": role_of(item), "content": [said_of(item)]}
        for item in items
        if isinstance(item, Mapping)
    ]
