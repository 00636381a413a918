"""Blocks of what the model saw, and what of them names them.

Two requests to a provider write the same message in different ways: marks for its cache move on,
one text stands bare or as a list of one block, two messages of one role stand apart or as one. So
a conversation is a sequence of blocks, each with its role, and a block is named by what is left
when all that is taken away.
"""

from collections.abc import Mapping
from typing import Any

from opentraces.domain.context.templates import Template
from opentraces.domain.frozen import Count, Frozen
from opentraces.domain.ids import Digest, canonical_bytes, digest

_MARK = "cache_control"
_THINKING = "thinking"


class Block(Frozen):
    """One block of a message."""

    id: Digest
    """Of its role and its normal form: see `block_id`."""

    role: str
    """Who speaks, in the provider's word: `user`, `assistant`, `developer`, `system`, `tool`."""

    content: Template
    """Stands for the block as the provider was sent it, as far as that is known."""

    size: Count
    """Bytes of its normal form as JSON."""


def normal(value: Any) -> Any:
    """Return a block as it is compared: without marks for a cache, a text as a block of text.

    Of thinking that the provider signed the signature is left, which stands for the text.
    """
    if isinstance(value, str):
        return {"type": "text", "text": value}
    if not isinstance(value, Mapping):
        return value
    said = {key: each for key, each in value.items() if key != _MARK}
    if said.get("type") == _THINKING and said.get("signature"):
        said.pop(_THINKING, None)
    content = said.get("content")
    if said.get("type") == "tool_result":
        if isinstance(content, str):
            said["content"] = [normal(content)]
        elif isinstance(content, list):
            said["content"] = [normal(each) for each in content]
    return said


def block_of(role: str, value: Any, content: Template) -> Block:
    """Return the block that holds `value`; `content` is where that is kept."""
    text = canonical_bytes(normal(value))
    return Block(id=_id(role, text), role=role, content=content, size=len(text))


def block_id(role: str, value: Any) -> Digest:
    """Name a block by its role and its normal form: 16 hex digits."""
    return _id(role, canonical_bytes(normal(value)))


def _id(role: str, text: bytes) -> Digest:
    return digest(role.encode() + b"\0" + text)
