"""What stands in the text of a turn between tags: thoughts, calls of tools, and their results.

A block of JSON ends where its JSON ends, not at the next closing tag: that may stand in a string.
Whatever is no block that Hermes writes stays text.
"""

import re
from dataclasses import field
from typing import Any

from opentraces.adapters._reading.jsonl import decode
from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters._reading.values import objects
from opentraces.domain.slotted import mutable_dataclass

THOUGHTS = {"<think>": "</think>", "<REASONING_SCRATCHPAD>": "</REASONING_SCRATCHPAD>"}
"""Tags around what the model thought; releases before the first pair wrote the second."""

CALL, CALLED = "<tool_call>", "</tool_call>"
RESULT, RESULTED = "<tool_response>", "</tool_response>"

_TOOLS, _TOLD = "<tools>", "</tools>"
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]|[^"{}\[\]<]++', re.DOTALL)
_DEPTH = {"{": 1, "[": 1, "}": -1, "]": -1}
_LONGEST_NAME = 200


@mutable_dataclass
class Marked:
    """The text of a turn, taken apart."""

    texts: list[str] = field(default_factory=list)
    """What stands outside of blocks, and blocks that are none."""

    thoughts: list[str] = field(default_factory=list)
    """What the model thought."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    """The JSON objects of blocks, in order."""

    invalid: int = 0
    """Blocks that hold no JSON object with a name."""

    @property
    def text(self) -> str | None:
        """All texts. None: there is none."""
        said = [text.strip("\n") for text in self.texts if text.strip()]
        return "\n".join(said) or None


def spoken(value: str) -> Marked:
    """Take apart what the model said."""
    return _taken_apart(value, CALL, CALLED, THOUGHTS)


def returned(value: str) -> Marked:
    """Take apart what came back from the calls of a turn."""
    return _taken_apart(value, RESULT, RESULTED, {})


def tools_in(value: str) -> list[str]:
    """Return the names of the tools that a system prompt offers."""
    begin = value.find(_TOOLS + "\n")
    end = value.find(_TOLD, begin)
    if begin < 0 or end < 0:
        return []
    listed, _ = _json(value[begin + len(_TOOLS) : end].strip(), 0)
    names = (tool.get("name") for tool in objects(listed))
    return [name for name in names if type(name) is str and 0 < len(name) <= _LONGEST_NAME]


def _taken_apart(value: str, begin: str, end: str, thoughts: dict[str, str]) -> Marked:
    marked = _Scan(value, begin, end, thoughts)
    marked.run()
    return marked.found


class _Scan:
    def __init__(self, value: str, begin: str, end: str, thoughts: dict[str, str]) -> None:
        self._value = value
        self._begin = begin
        self._end = end
        self._closing = {begin: end, **thoughts}
        self._next = {tag: value.find(tag) for tag in self._closing}
        self._at = 0
        self._unclosed: set[str] = set()
        self.found = Marked()

    def run(self) -> None:
        """Take everything apart, from the start to the end."""
        while (tag := self._next_tag()) is not None:
            start = self._next[tag]
            self.found.texts.append(self._value[self._at : start])
            self._at = start
            after = self._block(start) if tag == self._begin else self._thought(tag, start)
            if after is None:
                break
            self._at = after
        self.found.texts.append(self._value[self._at :])

    def _next_tag(self) -> str | None:
        for tag, place in self._next.items():
            if 0 <= place < self._at:
                self._next[tag] = self._value.find(tag, self._at)
        there = [tag for tag, place in self._next.items() if place >= 0]
        return min(there, key=self._next.__getitem__, default=None)

    def _thought(self, tag: str, start: int) -> int:
        """Take a thought; returns where it ends.

        One that does not end was cut short, if nothing was said before it; else it is text.
        """
        begin, closing = start + len(tag), self._closing[tag]
        end = -1 if tag in self._unclosed else self._value.find(closing, begin)
        if end < 0:
            self._unclosed.add(tag)
            if any(text.strip() for text in self.found.texts):
                self.found.texts.append(tag)
                return begin
        inside = self._value[begin : end if end >= 0 else len(self._value)]
        if inside.strip():
            self.found.thoughts.append(inside.strip("\n"))
        return end + len(closing) if end >= 0 else len(self._value)

    def _block(self, start: int) -> int | None:
        """Take a block; returns where it ends. None: it does not end, and is text."""
        begin = start + len(self._begin)
        block, after = _json(self._value, _past_space(self._value, begin))
        closing = _past_space(self._value, after)
        if type(block) is dict and self._value.startswith(self._end, closing) and _is_named(block):
            self.found.blocks.append(block)
            return closing + len(self._end)
        self.found.invalid += 1
        end = self._value.find(self._end, begin)
        if end < 0:
            return None
        self.found.texts.append(self._value[start : end + len(self._end)])
        return end + len(self._end)


def _json(value: str, at: int) -> tuple[Any, int]:
    """Return the JSON that begins at a place, and where it ends; None, and there, where none is."""
    end = _end_of_json(value, at)
    inside = decode(b'{"inside":' + value[at:end].encode() + b"}") if end > at else None
    return (inside["inside"], end) if inside is not None else (None, at)


def _end_of_json(value: str, at: int) -> int:
    """Return where the brackets that open at a place are closed; the place, where they are not.

    Only a string may hold a tag. So what is looked through ends with the next one, and the text of
    a turn is looked through a few times at most.
    """
    depth, place = 0, at
    while (token := _TOKEN.match(value, place)) is not None:
        depth += _DEPTH.get(token[0], 0)
        place = token.end()
        if depth <= 0:
            return place if value[at] in "{[" else at
    return at


def _is_named(block: dict[str, Any]) -> bool:
    is_block = type(block.get("name")) is str or "content" in block
    return is_block and fault_of(block) is None


def _past_space(value: str, at: int) -> int:
    while at < len(value) and value[at] in " \t\r\n":
        at += 1
    return at
