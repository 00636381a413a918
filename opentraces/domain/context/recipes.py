"""Bodies of requests and of what came back, as parts and a recipe that gives the same bytes.

The next request of a conversation says all of it again. So its recipe refers to the longest earlier
body that its messages begin with, and says only what came after: n requests cost their own words,
not n times the conversation's.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from opentraces.domain.context.events import BodyKept, ContextEvent, PartObserved
from opentraces.domain.context.kept_bodies import KeptBodies
from opentraces.domain.context.known_values import KnownValues
from opentraces.domain.context.lines import line_of
from opentraces.domain.context.sequences import sequences, unmarked
from opentraces.domain.context.templates import CONCAT, HEAD, MARKED, OPERATORS, Template, literal
from opentraces.domain.context.texts_of_bodies import BodyTexts
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, Digest, blob_id, plain_bytes, read_json
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Recipe:
    """What it takes to keep one body."""

    body: BodyKept
    """The body."""

    parts: tuple[PartObserved, ...]
    """Parts that it is the first to need."""

    blobs: tuple[BlobId, ...]
    """Blobs that it needs, whoever put them."""

    value: Any
    """What its JSON says. None: it is kept as text."""

    layers: Mapping[str, Template]
    """What stands for each member but its messages."""

    said: Mapping[tuple[int, int], Template]
    """What stands for blocks, by the number of their message and their own in it; only those of
    messages after what it shares with an earlier body."""

    @property
    def events(self) -> tuple[ContextEvent, ...]:
        """All that is to be written, in order."""
        return (*self.parts, self.body)


class Recipes:
    """The bodies of one session, in the order in which they are kept."""

    def __init__(
        self, kept: KeptBodies, known: KnownValues, events: Iterable[ContextEvent] = ()
    ) -> None:
        """Go on after `events`, which are what was written down before, in `kept` already."""
        self._kept, self._known = kept, known
        self._sequences: dict[Digest, tuple[str, int]] = {}
        self._texts = BodyTexts(known)
        for event in events:
            if isinstance(event, PartObserved):
                known.learn_part(event.part_id)
            elif isinstance(event, BodyKept):
                self._remember(event)

    def keep(self, name: str, kind: Literal["request", "response"], data: bytes) -> Recipe:
        """Return what it takes to keep a body: putting it together gives the same SHA-256."""
        value = _plain_value(data)
        if value is None:
            return self._as_text(name, kind, data)
        recipe = self._as_value(name, kind, value, data)
        self._add(recipe)
        try:
            for event in recipe.events:
                line_of(event)
            self._kept.body(name)
        except (Corrupt, ValueError):
            text = self._as_text(name, kind, data)
            return replace(text, parts=(*_sayable(recipe.parts), *text.parts))
        self._remember(recipe.body)
        return recipe

    def _as_value(
        self, name: str, kind: Literal["request", "response"], value: dict[str, Any], data: bytes
    ) -> Recipe:
        content: dict[str, Template] = {}
        said: dict[tuple[int, int], Template] = {}
        count, sequence = 0, None
        for key, each in value.items():
            if kind == "response":
                content[key] = self._answer(each) if key == "content" else literal(each)
            elif key == "messages" and isinstance(each, list):
                content[key], sequence = self._messages(each, said)
                count = len(each)
            else:
                content[key] = self._layer(key, each)
        body = BodyKept(
            name=name,
            kind=kind,
            sha256=blob_id(data),
            size=len(data),
            content=content,
            messages=count,
            sequence=sequence,
        )
        layers = {key: each for key, each in content.items() if key != "messages"}
        return self._recipe(body, value, layers, said)

    def _as_text(self, name: str, kind: Literal["request", "response"], data: bytes) -> Recipe:
        body = self._texts.body(name, kind, data)
        recipe = self._recipe(body, None, {}, {})
        self._add(recipe)
        return recipe

    def _recipe(
        self,
        body: BodyKept,
        value: Any,
        layers: Mapping[str, Template],
        said: Mapping[tuple[int, int], Template],
    ) -> Recipe:
        parts, blobs = tuple(self._known.take()), tuple(self._known.blobs())
        return Recipe(body, parts, blobs, value, layers, said)

    def _add(self, recipe: Recipe) -> None:
        for event in recipe.events:
            self._kept.add(event)

    def _remember(self, body: BodyKept) -> None:
        if body.sequence:
            self._sequences.setdefault(body.sequence, (body.name, body.messages))

    def _layer(self, key: str, value: Any) -> Template:
        return self._known.each_shared(value) if key == "system" else self._known.shared(value)

    def _answer(self, content: Any) -> Template:
        if not isinstance(content, list):
            return literal(content)
        return [self._known.block("assistant", each) for each in content]

    def _messages(
        self, messages: list[Any], said: dict[tuple[int, int], Template]
    ) -> tuple[Template, Digest | None]:
        """Return what stands for messages, and their sequence; blocks are noted in `said`."""
        bare, marks = unmarked(messages)
        found = sequences(bare)
        shared = next((n for n in range(len(found), 0, -1) if found[n - 1] in self._sequences), 0)
        after = [self._message(number, bare[number], said) for number in range(shared, len(bare))]
        template: Template = after
        if shared:
            head = {HEAD: list(self._sequences[found[shared - 1]])}
            template = {CONCAT: [head, after] if after else [head]}
        if marks:
            template = {MARKED: [template, marks]}
        return template, found[-1] if found else None

    def _message(
        self, number: int, message: Any, said: dict[tuple[int, int], Template]
    ) -> Template:
        is_message = isinstance(message, dict) and OPERATORS.isdisjoint(message)
        if not is_message or "content" not in message:
            return literal(message)
        role, content = str(message.get("role")), message["content"]
        blocks = content if isinstance(content, list) else [content]
        for place, block in enumerate(blocks):
            said[number, place] = self._known.block(role, block)
        templates = [said[number, place] for place in range(len(blocks))]
        told = templates if isinstance(content, list) else templates[0]
        return {key: told if key == "content" else literal(v) for key, v in message.items()}


def _plain_value(data: bytes) -> dict[str, Any] | None:
    """Return the JSON object whose plain text `data` is. None: it is no such text."""
    try:
        value = read_json(data)
        return value if isinstance(value, dict) and plain_bytes(value) == data else None
    except ValueError:
        return None


def _sayable(parts: Iterable[PartObserved]) -> Iterator[PartObserved]:
    """Yield parts that can be written down: JSON that is nested too deeply cannot."""
    for part in parts:
        with suppress(ValueError):
            line_of(part)
            yield part
