"""What an answer of the model is when it is sent again, by the way the service is asked."""

from collections.abc import Sequence
from typing import Any

from opentraces.adapters.pi.context.forms import (
    Said,
    call_block,
    item_block,
    read,
    sealed_block,
    text_block,
    thinking_block,
)
from opentraces.adapters.pi.context.places import Placed, joined
from opentraces.adapters.pi.context.told import COMPLETIONS, RESPONSES

_FAILED = frozenset(("error", "aborted"))


def is_sent_again(message: Placed) -> bool:
    """Whether an answer is in what the model is sent later: one that failed is not."""
    return message.inner("stopReason").words.text not in _FAILED


def answered(message: Placed, api: str) -> list[Said]:
    """Return the blocks of an answer."""
    content = message.inner("content")
    if type(content.value) is str:
        return [text_block("assistant", content.words)]
    parts = [part for part in content.each() if type(part.value) is dict]
    if api == COMPLETIONS:
        return _apart(parts)
    return [said for part in parts if (said := _part(part, api)) is not None]


def _part(part: Placed, api: str) -> Said | None:
    kind = part.value.get("type")
    if kind == "thinking":
        return _item(part) if api == RESPONSES else _thinking(part)
    if kind == "toolCall":
        return _call(part)
    words = part.inner("text").words
    if kind != "text" or (words.is_blank and api != RESPONSES):
        return None
    return text_block("assistant", words)


def _thinking(part: Placed) -> Said | None:
    """Return thinking; without a signature it is sent as text."""
    words, signature = part.inner("thinking").words, part.inner("thinkingSignature")
    if part.value.get("redacted"):
        return sealed_block(signature)
    if not signature.words.is_blank:
        return thinking_block(words, signature.words)
    return None if words.is_blank else text_block("assistant", words)


def _item(part: Placed) -> Said | None:
    """Return the item that the signature holds; without one, thinking is not sent."""
    signature = part.inner("thinkingSignature")
    return item_block(*read(signature)) if signature.words.text else None


def _apart(parts: Sequence[Placed]) -> list[Said]:
    """Return what stands in fields of one message: all thinking, all text, and each call.

    A message of thinking alone is not sent.
    """
    thoughts = [part for part in parts if part.value.get("type") == "thinking"]
    texts = [part.inner("text").words for part in parts if part.value.get("type") == "text"]
    shown = [text for text in texts if not text.is_blank]
    said = [text_block("assistant", joined(*shown))] if shown else []
    said += [_call(part) for part in parts if part.value.get("type") == "toolCall"]
    return [*_thought(thoughts), *said] if said else []


def _thought(thoughts: Sequence[Placed]) -> list[Said]:
    """Return the thinking of one message: the service's own details, or a field with a name."""
    for part in thoughts:
        value, content = read(part.inner("thinkingSignature"))
        if type(value) is list and value:
            return [item_block(value, content)]
    told = [part for part in thoughts if not part.inner("thinking").words.is_blank]
    if not told or not told[0].inner("thinkingSignature").words.text:
        return []
    thinking = joined(*(part.inner("thinking").words for part in told), between="\n")
    return [thinking_block(thinking, told[0].inner("thinkingSignature").words)]


def _call(part: Placed) -> Said:
    return call_block(part.inner("id").words, part.inner("name"), part.inner("arguments"))


def calls_in(message: Placed) -> list[str]:
    """Return the ids of the calls that an answer makes."""
    parts: list[Any] = [part.value for part in message.inner("content").each()]
    calls = (part for part in parts if type(part) is dict and part.get("type") == "toolCall")
    return [call["id"] for call in calls if type(call.get("id")) is str]
