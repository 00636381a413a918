"""Blocks as messages: neighbours of one role are one message."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any


def merged(blocks: Iterable[tuple[str, Any]]) -> list[tuple[str, list[Any]]]:
    """Return roles with their blocks; a bare text becomes a block of text."""
    return [
        (role, [as_block(value) for _, value in group])
        for role, group in groupby(blocks, key=lambda block: block[0])
    ]


def as_block(value: Any) -> Any:
    """Return a block; a bare text as a block of text."""
    return {"type": "text", "text": value} if isinstance(value, str) else value
