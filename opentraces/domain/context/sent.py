"""One request as it was sent, in the words of a Context Tree."""

from collections.abc import Iterator, Mapping
from typing import Any

from opentraces.domain.context.sequences import MARK, unmarked
from opentraces.domain.context.templates import Template
from opentraces.domain.slotted import frozen_dataclass

_LAYERS = frozenset(("messages", "system", "tools"))
NORMALISED = "normalised"
"""The key of a runtime state under which stands what was taken away from the other layers."""


@frozen_dataclass
class SentBlock:
    """One block, and where in the request it stands."""

    place: tuple[int, int]
    """The number of its message, and its own in it."""

    role: str
    """Who speaks."""

    value: Any
    """The block itself."""


def sent_blocks(messages: Any) -> Iterator[SentBlock]:
    """Yield the blocks of messages; a message whose content is a text is one block."""
    for number, message in enumerate(messages if isinstance(messages, list) else []):
        content = message.get("content") if isinstance(message, dict) else None
        blocks = content if isinstance(content, list) else [content]
        if content is not None:
            for place, block in enumerate(blocks):
                yield SentBlock((number, place), str(message.get("role")), block)


def runtime_state(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return all of a body that is in no other layer, and what those lose of it."""
    rest = {key: value for key, value in body.items() if key not in _LAYERS}
    lost = normalised(body)
    return {**rest, NORMALISED: lost} if lost else rest


def runtime_content(body: Mapping[str, Any], layers: Mapping[str, Template]) -> Template:
    """Return what stands for the runtime state of a body, by what stands for its members."""
    state = runtime_state(body)
    return {key: value if key == NORMALISED else layers[key] for key, value in state.items()}


def normalised(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is in a body and in none of the layers system, tools and messages.

    `marks`: a list of [how many messages from the end, how many blocks from the end of it, mark]:
    marks move along with the conversation, and so stay what they were. `system`, `tools`: a list
    of [index, mark]. `texts`: which messages are a text and no list. `neighbours`: which messages
    have the role of the one before. Only what is there.
    """
    messages = body.get("messages")
    messages = messages if isinstance(messages, list) else []
    lost = {
        "marks": _marks(messages),
        "system": _marked(body.get("system")),
        "tools": _marked(body.get("tools")),
        "texts": [n for n, each in enumerate(messages) if isinstance(_of(each, "content"), str)],
        "neighbours": [
            number
            for number in range(1, len(messages))
            if _of(messages[number], "role") == _of(messages[number - 1], "role")
        ],
    }
    return {key: value for key, value in lost.items() if value}


def _marks(messages: list[Any]) -> list[list[Any]]:
    _, marks = unmarked(messages)
    found: list[list[Any]] = []
    for pointer, mark in marks.items():
        _, number, _, place = pointer.split("/")
        blocks = messages[int(number)]["content"]
        found.append([len(messages) - int(number), len(blocks) - int(place), mark[MARK]])
    return found


def _marked(value: Any) -> list[list[Any]]:
    members = value if isinstance(value, list) else []
    found = ((number, _of(each, MARK)) for number, each in enumerate(members))
    return [[number, mark] for number, mark in found if mark is not None]


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None
