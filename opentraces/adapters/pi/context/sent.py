"""What a provider is sent, in the form of `forms`: a message of any of the three services.

A message is told by what it has, not by the service's name: so it is with services that are asked
the same way. What is of no kind known here stays as it was sent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from opentraces.adapters.pi.context.forms import (
    Said,
    call_block,
    data_url,
    image_block,
    item_block,
    result_block,
    sealed_block,
    text_block,
    thinking_block,
)
from opentraces.adapters.pi.context.places import Placed, Words

INSTRUCTING = frozenset(("system", "developer"))
"""Who speaks in the message that is the system prompt, where it is a message."""

_THOUGHT = ("reasoning_content", "reasoning", "reasoning_text")
_TEXTS = frozenset(("text", "input_text", "output_text"))


def blocks_of(message: Placed) -> list[Said]:
    """Return the blocks of one message, or of one item."""
    if type(message.value) is not dict:
        return []
    item = _ITEMS.get(str(message.value.get("type")))
    if item is not None:
        return [item(message)]
    role = str(message.value.get("role"))
    if role == "tool":
        return [_result(message, "tool_call_id", "content")]
    said = [*_thought(message), *_spoken(role, message.inner("content"))]
    said += [_function(call) for call in message.inner("tool_calls").each()]
    if not said and message.value.get("content") is None:
        return [Said(role, message.value, message.content)]
    return said


def prompt_of(message: Placed) -> tuple[Any, Any] | None:
    """Return the system prompt that a message is, as a layer, and what stands for it.

    None: it is none.
    """
    if type(message.value) is not dict or str(message.value.get("role")) not in INSTRUCTING:
        return None
    said = _spoken("system", message.inner("content"))
    return [each.value for each in said], [each.content for each in said]


def _spoken(role: str, content: Placed) -> list[Said]:
    if type(content.value) is str:
        return [text_block(role, content.words)] if content.value or role == "user" else []
    return [_block(role, part) for part in content.each()]


def _block(role: str, part: Placed) -> Said:
    kind = str(part.value.get("type")) if type(part.value) is dict else ""
    if kind in _TEXTS:
        return text_block(role, part.inner("text").words)
    known = _BLOCKS.get(kind)
    image = _image(part)
    if image is not None:
        return image_block(role, image)
    return known(part) if known is not None else Said(role, part.value, part.content)


def _image(part: Placed) -> Words | None:
    """Return an image as the one text that holds it. None: it is none."""
    if type(part.value) is not dict or "image" not in str(part.value.get("type")):
        return None
    source = part.inner("source")
    if source.inner("type").value == "base64":
        return data_url(source.inner("media_type").words, source.inner("data").words)
    url = part.inner("image_url")
    for words in (url.words, url.inner("url").words, source.inner("url").words):
        if words.text:
            return words
    return None


def _thinking(part: Placed) -> Said:
    return thinking_block(part.inner("thinking").words, part.inner("signature").words)


def _thought(message: Placed) -> list[Said]:
    """Return the thinking that stands in a field of a message, by one of its names."""
    details = message.inner("reasoning_details")
    if details.value:
        return [item_block(details.value, details.content)]
    return [
        thinking_block(message.inner(key).words, Words(key, key))
        for key in _THOUGHT
        if message.inner(key).words.text
    ]


def _function(call: Placed) -> Said:
    function = call.inner("function")
    return call_block(call.inner("id").words, function.inner("name"), function.inner("arguments"))


def _result(message: Placed, call: str, output: str) -> Said:
    """Return a result: a text, or blocks of text and images."""
    content = message.inner(output)
    images = [image for part in content.each() if (image := _image(part)) is not None]
    if type(content.value) is str:
        texts = [content.words]
    else:
        texts = [part.inner("text").words for part in content.each() if _image(part) is None]
    is_error = message.value.get("is_error") is True
    return result_block(message.inner(call).words, texts, images, is_error)


_BLOCKS: Mapping[str, Callable[[Placed], Said]] = {
    "thinking": _thinking,
    "redacted_thinking": lambda part: sealed_block(part.inner("data")),
    "tool_use": lambda part: call_block(
        part.inner("id").words, part.inner("name"), part.inner("input")
    ),
    "tool_result": lambda part: _result(part, "tool_use_id", "content"),
}
"""Blocks of Messages, by their type."""

_ITEMS: Mapping[str, Callable[[Placed], Said]] = {
    "reasoning": lambda item: item_block(item.value, item.content),
    "function_call": lambda item: call_block(
        item.inner("call_id").words, item.inner("name"), item.inner("arguments")
    ),
    "function_call_output": lambda item: _result(item, "call_id", "output"),
}
"""Items of Responses, by their type."""
