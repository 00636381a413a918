"""Messages of a request, one block after the other."""

from collections.abc import Iterable, Mapping
from typing import Any

SaidBlock = tuple[str, Any]
"""Who speaks, and a block as it was sent."""


def flattened(messages: Iterable[Any]) -> list[SaidBlock]:
    """Return the blocks of messages; a message whose content is a text is one block.

    What is no message, and what has no content, is left out.
    """
    return [
        (str(message.get("role")), block)
        for message in messages
        if isinstance(message, Mapping)
        for block in _blocks(message.get("content"))
    ]


def _blocks(content: Any) -> list[Any]:
    if content is None:
        return []
    return content if isinstance(content, list) else [content]
