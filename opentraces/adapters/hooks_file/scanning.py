"""Strict JSON with places: where in a text each member and each element begins and ends.

What a strict reader refuses is refused here, for then an agent ignores the whole file; of a key
that stands twice the last one holds.
"""

import json
import re
from typing import Any

from opentraces.domain.slotted import frozen_dataclass

BOM = "\ufeff"
"""What may stand before all of a text, and is no part of it."""

_DEEPEST = 200
_SPACE = re.compile(r"[ \t\n\r]*+")
_PLAIN = r'[^"\\\x00-\x1f]*+'
_STRING = re.compile(rf'"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN})*+"')
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
_SIMPLE = re.compile(f"{_STRING.pattern}|{_NUMBER}|true|false|null")
_LINE_END = re.compile(r"\r\n|\n|\r")


class NotJson(ValueError):
    """From here on the text is not what it should be."""

    def __init__(self, at: int, reason: str) -> None:
        """Keep the offset, and what is wrong there in words."""
        super().__init__(reason)
        self.at = at


@frozen_dataclass
class Part:
    """One member of an object, or one element of an array, by its offsets in the text."""

    start: int
    """Where its key begins; of an element, its value."""

    value: int
    """Where its value begins."""

    end: int
    """Where its value ends."""

    key: str | None
    """None: it is an element."""


@frozen_dataclass
class Container:
    """An object or an array, by its offsets in the text."""

    start: int
    """Of its opening bracket."""

    end: int
    """Behind its closing bracket."""

    parts: tuple[Part, ...]
    """What it holds, in order."""

    def member(self, key: str | None) -> Part | None:
        """Return the member that holds under a key: the last of that name."""
        return next((part for part in reversed(self.parts) if part.key == key), None)


def root_of(text: str) -> Container:
    """Return the outermost object of a text. Raises NotJson where it is not strict JSON."""
    at = _after_space(text, 1 if text.startswith(BOM) else 0)
    root = container(text, at) if text[at : at + 1] == "{" else None
    end = _after_space(text, _end(text, at, 0) if root is None else root.end)
    if end < len(text):
        raise NotJson(end, _wrong(text, end))
    if root is None:
        raise NotJson(at, "the outermost value has to be an object")
    return root


def container(text: str, at: int, depth: int = 0) -> Container:
    """Return the object or array that begins at an offset. Raises NotJson."""
    if depth > _DEEPEST:
        raise NotJson(at, f"nested deeper than {_DEEPEST} levels")
    is_object = text[at] == "{"
    closing = "}" if is_object else "]"
    parts: list[Part] = []
    here = _after_space(text, at + 1)
    while parts or text[here : here + 1] != closing:
        parts.append(_part(text, here, is_object, depth))
        here = _after_space(text, parts[-1].end)
        if text[here : here + 1] == closing:
            break
        here = _after_space(text, _past(text, here, ","))
    return Container(at, here + 1, tuple(parts))


def value_of(text: str, part: Part) -> Any:
    """Return what a part says."""
    return json.loads(text[part.value : part.end])


def separator(text: str, member: Part) -> str:
    """Return what stands between a member's key and its value."""
    key = _STRING.match(text, member.start)
    return text[key.end() : member.value] if key else ""


def line_ends(text: str) -> list[re.Match[str]]:
    """Return every line end of a text, in order."""
    return list(_LINE_END.finditer(text))


def place(text: str, at: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1; a byte order mark has no column."""
    before = text[:at].removeprefix(BOM)
    lines = _LINE_END.split(before)
    return len(lines), len(lines[-1]) + 1


def _part(text: str, at: int, is_object: bool, depth: int) -> Part:
    if not is_object:
        return Part(at, at, _end(text, at, depth), None)
    key = _STRING.match(text, at)
    if key is None:
        raise NotJson(at, _wrong(text, at))
    value = _after_space(text, _past(text, _after_space(text, key.end()), ":"))
    return Part(at, value, _end(text, value, depth), json.loads(key.group()))


def _end(text: str, at: int, depth: int) -> int:
    if text[at : at + 1] in ("{", "["):
        return container(text, at, depth + 1).end
    simple = _SIMPLE.match(text, at)
    if simple is None:
        raise NotJson(at, _wrong(text, at))
    return simple.end()


def _past(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise NotJson(at, _wrong(text, at))
    return at + 1


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _wrong(text: str, at: int) -> str:
    """Say what is wrong at a place where something else had to stand."""
    if at >= len(text):
        return "the file ends too early"
    if text.startswith(("//", "/*"), at):
        return "a comment, which JSON has not"
    if text[at] in "}]" and text[:at].rstrip(" \t\r\n").endswith(","):
        return "a comma too many before it"
    if text[at] == '"':
        return "a text that should not be here, or does not end, or holds what has to be escaped"
    return f"{text[at]!r} should not be here"
