"""The system prompt and the tools, as releases since 0.86 write them down: whole, then changes.

A prompt is text of its own and sections by name; a later entry replaces sections, or takes them
away, and so it does with tools. What the model is sent is all of it, one part after the other.
"""

from dataclasses import field
from typing import Any

from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters.pi.context.places import Placed, Words, joined
from opentraces.domain.context.events import Completeness
from opentraces.domain.context.growing import GrowingContext
from opentraces.domain.context.templates import at
from opentraces.domain.ids import Digest
from opentraces.domain.slotted import mutable_dataclass

LARGEST = 200_000
"""Characters of a prompt with its tools above which it is not held: changes to it are not known."""

UNTOLD = "prompt_untold"
"""The limitation of a call of whose system prompt or tools only changes are known."""

_BETWEEN = "\n\n"
KNOWN: Completeness = "approximated"
"""Services are told of tools each in its own words, and may put words of theirs before a prompt."""


@mutable_dataclass
class Prompts:
    """What the model was told last. Every field is a value that JSON can hold."""

    texts: list[list[Any]] = field(default_factory=list)
    """Texts of its own, each as it is and as what stands for it."""

    sections: dict[str, list[Any]] = field(default_factory=dict)
    """Sections in their order, each the same way."""

    tools: dict[str, list[Any]] = field(default_factory=dict)
    """Tools in their order, each the same way."""

    is_lost: bool = False
    """Whether it is not known what is changed."""

    def begin(self) -> None:
        """Let it be told anew, whole."""
        self.texts, self.sections, self.tools, self.is_lost = [], {}, {}, False

    def lose(self) -> None:
        """Let it be unknown until it is told whole."""
        self.begin()
        self.is_lost = True

    def take(self, message: Placed) -> None:
        """Take what is told, or told otherwise."""
        content = message.inner("content")
        parts = [content] if type(content.value) is str else _texts(content)
        own = joined(*(part.words for part in parts), between="\n") if parts else Words("", "")
        if own.text:
            self.texts.append([own.text, own.content])
        for name, section in _items(message.inner("sections")):
            if section.value is None:
                self.sections.pop(name, None)
            else:
                self.sections[name] = [section.words.text, section.words.content]
        for tool in _named(message.inner("toolsRemoved")):
            self.tools.pop(tool.value["name"], None)
        for tool in _named(message.inner("toolsAdded")):
            self.is_lost |= fault_of(tool.value) is not None
            where = [tool.offset, tool.length, tool.pointer]
            self.tools[tool.value["name"]] = [tool.value, where]

    def tell(self, growing: GrowingContext) -> tuple[Digest | None, Digest | None]:
        """Let the layers be as they are known now; returns their ids, None for what is not."""
        growing.forget("system")
        growing.forget("tool_registry")
        if self.is_lost:
            return None, None
        words = self._prompt()
        system = registry = None
        if words.text:
            value, content = _block(words.text), _block(words.content)
            system = growing.layer("system", [value], [content], KNOWN)
        if self.tools:
            tools = [tool for tool, _ in self.tools.values()]
            places = [at(*where) for _, where in self.tools.values()]
            registry = growing.layer("tool_registry", tools, places, KNOWN)
        lines = {where[0]: where[1] for _, where in self.tools.values()}
        if len(words.text) + sum(lines.values()) > LARGEST:
            self.lose()
        return system, registry

    def _prompt(self) -> Words:
        own = [joined(*_words(self.texts), between=_BETWEEN)] if self.texts else []
        told = [part for part in (*own, *_words(self.sections.values())) if part.text]
        return joined(*told, between=_BETWEEN) if told else Words("", "")


def _words(parts: Any) -> list[Words]:
    return [Words(*part) for part in parts]


def _block(text: Any) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _texts(content: Placed) -> list[Placed]:
    parts = (part for part in content.each() if type(part.value) is dict)
    return [part.inner("text") for part in parts if part.value.get("type") == "text"]


def _items(value: Placed) -> list[tuple[str, Placed]]:
    names = list(value.value) if type(value.value) is dict else []
    return [(name, value.inner(name)) for name in names]


def _named(value: Placed) -> list[Placed]:
    parts = (part for part in value.each() if type(part.value) is dict)
    return [part for part in parts if type(part.value.get("name")) is str]
