"""The one form in which blocks are compared, whichever service is asked.

What Pi sends differs by service; what it says is the same. Its own words are taken, with what not
all services are told left out. In the order of the conversation, by who speaks:

`user`: `{"type": "text", "text"}` and `{"type": "image", "url"}`, whose url holds the image:
`data:<type>;base64,<data>`. So are `system` and `developer`, who speak after the beginning: what
stands there is the layer of the system prompt.
`assistant`: `{"type": "text", "text"}`; `{"type": "toolCall", "id", "name", "arguments"}`, of the
id what stands before a `|`; and `{"type": "thinking"}`, with `thinking` and `thinkingSignature`:
the signature of Messages, the name of the field of Chat Completions. What Responses calls an item,
and Chat Completions details, is the value of `thinkingSignature` alone. `"redacted": true` with a
signature is thinking that was sealed.
`tool`: `{"type": "toolResult", "toolCallId", "content"}`, whose content is one block of text, its
parts joined by newlines, and then images. `"isError": true` where the service is told of it, as
Messages is.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters.pi.context.places import Placed, Words, joined
from opentraces.domain.context.blocks import Block, block_of
from opentraces.domain.context.templates import JSON, Template
from opentraces.domain.ids import read_json

_FLAT = frozenset(("text", "image", "toolResult"))
"""Types of blocks that hold nothing but texts, however they came about."""


class Said(NamedTuple):
    """A block in its form: who speaks, what, and what stands for it."""

    role: str
    value: Any
    content: Template


def block(said: Said) -> Block | None:
    """Return a block to be compared. None: it is nested too deep to be written again."""
    value = said.value
    is_flat = type(value) is dict and str(value.get("type")) in _FLAT
    return None if not is_flat and fault_of(value) else block_of(*said)


def text_block(role: str, words: Words) -> Said:
    """Return a block of text."""
    return Said(role, _text(words.text), _text(words.content))


def image_block(role: str, url: Words) -> Said:
    """Return a block that holds an image."""
    image = _image(url)
    return Said(role, image.text, image.content)


def data_url(kind: Words, data: Words) -> Words:
    """Return an image of a type as the one text that holds it."""
    return joined("data:", kind, ";base64,", data)


def call_block(call: Words, name: Placed, arguments: Placed) -> Said:
    """Return a call of a tool; its arguments are an object, or JSON as a text."""
    given, content = arguments.value, arguments.content
    if type(given) is str:
        given, content = read(arguments)
    elif given is None:
        given = content = {}
    head = _head(call)
    value = {"type": "toolCall", "id": head.text, "name": name.value, "arguments": given}
    template = {"type": "toolCall", "id": head.content, "name": name.content, "arguments": content}
    return Said("assistant", value, template)


def thinking_block(thinking: Words | None, signature: Words | None) -> Said:
    """Return thinking; None: it has not that."""
    value: dict[str, Any] = {"type": "thinking"}
    content: dict[str, Any] = {"type": "thinking"}
    for key, words in (("thinking", thinking), ("thinkingSignature", signature)):
        if words is not None:
            value[key], content[key] = words.text, words.content
    return Said("assistant", value, content)


def sealed_block(signature: Placed) -> Said:
    """Return thinking that nobody but the service can read."""
    sealed = {"type": "thinking", "redacted": True}
    value = {**sealed, "thinkingSignature": signature.value}
    return Said("assistant", value, {**sealed, "thinkingSignature": signature.content})


def item_block(value: Any, content: Template) -> Said:
    """Return thinking of which the service made an item of its own."""
    item = {"type": "thinking", "thinkingSignature": value}
    return Said("assistant", item, {"type": "thinking", "thinkingSignature": content})


def result_block(
    call: Words, texts: Sequence[Words], images: Iterable[Words], is_error: bool
) -> Said:
    """Return what a tool gave back."""
    shown = [_text_of(joined(*texts, between="\n"))] if texts else []
    parts = [*shown, *map(_image, images)]
    rest: dict[str, Any] = {"isError": True} if is_error else {}
    head = _head(call)
    value = {"toolCallId": head.text, "content": [part.text for part in parts]}
    content = {"toolCallId": head.content, "content": [part.content for part in parts]}
    return Said(
        "tool",
        {"type": "toolResult", **value, **rest},
        {"type": "toolResult", **content, **rest},
    )


def read(words: Placed) -> tuple[Any, Template]:
    """Return the value of JSON in a text; of what is none, the text."""
    try:
        return read_json(words.value.encode()), {JSON: words.content}
    except (AttributeError, ValueError):
        return words.value, words.content


def _head(call: Words) -> Words:
    head = call.text.partition("|")[0]
    return call if head == call.text else Words(head, head)


def _text(text: Any) -> dict[str, Any]:
    return {"type": "text", "text": text}


class _Part(NamedTuple):
    text: Any
    content: Template


def _text_of(words: Words) -> _Part:
    return _Part(_text(words.text), _text(words.content))


def _image(url: Words) -> _Part:
    return _Part({"type": "image", "url": url.text}, {"type": "image", "url": url.content})
