"""Messages of requests in their order, and what of them moves from one request to the next.

A client marks where a provider may cache; the next request has the same messages, and the marks
elsewhere. So messages are compared and kept without marks, and the marks beside them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from opentraces.domain.ids import Digest, digest, plain_bytes

MARK = "cache_control"
"""The key of a mark."""

Marks = dict[str, dict[str, Any]]
"""By JSON pointer into the messages: what is added at the end of the block there."""


def unmarked(messages: Sequence[Any]) -> tuple[list[Any], Marks]:
    """Return messages without marks, and the marks; one that is not the last key is left alone."""
    marks: Marks = {}
    bare = list(messages)
    for number, message in enumerate(messages):
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, list):
            continue
        found = [place for place, block in enumerate(content) if _is_marked(block)]
        if found:
            bare[number] = {**message, "content": [_bare(block) for block in content]}
        for place in found:
            marks[f"/{number}/content/{place}"] = {MARK: content[place][MARK]}
    return bare, marks


def sequences(messages: Iterable[Any]) -> list[Digest]:
    """Return the digest of the first message, of the first two, and so on.

    Each is over the one before it and the JSON of one message more.
    """
    found: list[Digest] = []
    before = b""
    for message in messages:
        found.append(digest(before + plain_bytes(message)))
        before = found[-1].encode()
    return found


def _is_marked(block: Any) -> bool:
    return isinstance(block, dict) and bool(block) and next(reversed(block)) == MARK


def _bare(block: Any) -> Any:
    if not _is_marked(block):
        return block
    return {key: value for key, value in block.items() if key != MARK}
