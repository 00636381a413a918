"""Blocks of what the model saw, and what of them names them.

Two requests to a provider write the same message in different ways: marks for its cache move on,
one text stands bare or as a list of one block, two messages of one role stand apart or as one. So
a conversation is a sequence of blocks, each with its role, and a block is named by what is left
when all that is taken away.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from opentraces.domain.context.templates import Template
from opentraces.domain.frozen import Count
from opentraces.domain.ids import Digest, sized_digest
from opentraces.domain.slotted import mutable_dataclass

_MARK = "cache_control"
_THINKING = "thinking"
_PLAIN = ("tool_use", "text")


@mutable_dataclass
class Block:
    """One block of a message. Never changed once it is made.

    Pydantic checks it where it is read, as a part of a node; here it is made of each line of a
    source, by what knows its parts.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid"}

    id: Digest
    """Of its role and its normal form: see `block_id`."""

    role: str
    """Who speaks, in the provider's word: `user`, `assistant`, `developer`, `system`, `tool`."""

    content: Template
    """Stands for the block as the provider was sent it, as far as that is known."""

    size: Count
    """Bytes of its normal form as JSON."""

    def moved(self, content: Template) -> "Block":
        """Return the same block, kept elsewhere."""
        return Block(self.id, self.role, content, self.size)

    def said(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {"id": self.id, "role": self.role, "content": self.content, "size": self.size}


def normal(value: Any) -> Any:
    """Return a block as it is compared: without marks for a cache, a text as a block of text.

    Of thinking that the provider signed the signature is left, which stands for the text.
    """
    if isinstance(value, str):
        return {"type": "text", "text": value}
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if kind in _PLAIN and _MARK not in value:
        return value
    said = {**value}
    said.pop(_MARK, None)
    if kind == _THINKING and said.get("signature"):
        said.pop(_THINKING, None)
    elif kind == "tool_result":
        _unfold(said)
    return said


def _unfold(result: dict[str, Any]) -> None:
    """Let what a tool gave back be a list of blocks."""
    content = result.get("content")
    if isinstance(content, str):
        result["content"] = [{"type": "text", "text": content}]
    elif isinstance(content, list):
        result["content"] = [normal(each) for each in content]


def block_of(role: str, value: Any, content: Template) -> Block:
    """Return the block that holds `value`; `content` is where that is kept."""
    name, size = _measured(role, value)
    return Block(name, role, content, size)


def block_id(role: str, value: Any) -> Digest:
    """Name a block by its role and its normal form: 16 hex digits."""
    return _measured(role, value)[0]


def _measured(role: str, value: Any) -> tuple[Digest, int]:
    return sized_digest(role.encode() + b"\0", normal(value))
