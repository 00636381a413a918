"""Parts put into JSON text and taken out of it; all the rest of the text stays as it is.

What is taken out of the very place where it was put in leaves the text as it was before.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from opentraces.adapters.hooks_file.scanning import Container, line_ends, separator
from opentraces.domain.slotted import frozen_dataclass

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int
"""A value to be written."""


@frozen_dataclass
class Edit:
    """One run of a text, and what stands in its place afterwards."""

    start: int
    """Where the run begins."""

    end: int
    """Where it ends; at its start: something is put in there."""

    text: str = ""
    """What comes in its place."""


@frozen_dataclass
class Style:
    """How a text is laid out."""

    newline: str = "\n"
    """What ends a line."""

    unit: str = "  "
    """One level of indentation; may be empty."""

    colon: str = ": "
    """What stands between a key and its value."""

    comma: str = ", "
    """What stands between two parts on one line."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; no two of them may overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def style_of(text: str, root: Container) -> Style:
    """Return how a text is laid out, told by its outermost object."""
    ends = line_ends(text)
    newline = ends[0].group() if ends else "\n"
    if not root.parts:
        return Style(newline)
    colon = separator(text, root.parts[0])
    colon = ": " if line_ends(colon) else colon
    indent = indent_in(text, root)
    if indent is not None:
        return Style(newline, indent, colon)
    comma = " " if colon.endswith(" ") else ""
    if len(root.parts) > 1:
        comma = _lead(text, root, 1)
    return Style(newline, colon=colon, comma=f",{comma}")


def indent_in(text: str, outer: Container) -> str | None:
    """Return the indentation of what a container holds. None: it is on one line, or empty."""
    lead = _lead(text, outer, len(outer.parts) - 1) if outer.parts else ""
    ends = line_ends(lead)
    return lead[ends[-1].end() :] if ends else None


def indent_of_line(text: str, at: int) -> str:
    """Return the white space that begins the line of an offset."""
    ends = line_ends(text[:at])
    line = text[ends[-1].end() if ends else 0 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def written(value: Json, style: Style, indent: str | None) -> str:
    """Return a value as text; `indent`: of the line it begins on. None: all on one line."""
    inner = None if indent is None else indent + style.unit
    if isinstance(value, Mapping):
        pieces = [member(key, item, style, inner) for key, item in value.items()]
        brackets = "{}"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        pieces = [written(item, style, inner) for item in value]
        brackets = "[]"
    else:
        return json.dumps(value, ensure_ascii=False)
    if inner is None or not pieces:
        return brackets[0] + style.comma.join(pieces) + brackets[1]
    start = style.newline + inner
    return f"{brackets[0]}{start}{f',{start}'.join(pieces)}{style.newline}{indent}{brackets[1]}"


def member(key: str, value: Json, style: Style, indent: str | None) -> str:
    """Return a member of an object as text."""
    return json.dumps(key, ensure_ascii=False) + style.colon + written(value, style, indent)


def next_indent(text: str, outer: Container, style: Style, is_spread: bool) -> str | None:
    """Return the indentation of what is put into a container next. None: it goes on one line.

    `is_spread`: whether what holds the container has its parts on lines of their own.
    """
    if outer.parts:
        return indent_in(text, outer)
    return indent_of_line(text, outer.start) + style.unit if is_spread else None


def appended(
    text: str, outer: Container, pieces: list[str], style: Style, indent: str | None
) -> Edit:
    """Put parts, as text, behind all that a container holds; `indent`: as in `next_indent`."""
    comma = style.comma if indent is None else f",{style.newline}{indent}"
    if outer.parts:
        if indent is None and len(outer.parts) > 1:
            comma = f",{_lead(text, outer, len(outer.parts) - 1)}"
        here = outer.parts[-1].end
        return Edit(here, here, comma + comma.join(pieces))
    here = outer.end - 1
    if indent is None:
        return Edit(here, here, comma.join(pieces))
    # Behind a lone CR a LF would make one line end of the two.
    newline = "\r\n" if text[here - 1] == "\r" else style.newline
    closing = newline + indent_of_line(text, outer.start)
    return Edit(here, here, newline + indent + comma.join(pieces) + closing)


def removed(text: str, outer: Container, gone: Collection[int]) -> list[Edit]:
    """Take parts, by their numbers, out of a container."""
    parts = outer.parts
    stays = [number for number in range(len(parts)) if number not in gone]
    if not stays:
        return [_emptied(text, outer)] if gone else []
    edits = [Edit(parts[number - 1].end, parts[number].end) for number in gone if number > stays[0]]
    if stays[0] > 0:
        edits.append(Edit(parts[0].start, parts[stays[0]].start))
    return edits


def _emptied(text: str, outer: Container) -> Edit:
    """Take all out; white space that was there before anything was put in stays."""
    first, last = outer.parts[0], outer.parts[-1]
    lead = text[outer.start + 1 : first.start]
    if last.end == outer.end - 1:
        return Edit(first.start, last.end)
    ends = line_ends(lead)
    keep = ends[-1].start() if ends else 0
    return Edit(outer.start + 1 + keep, outer.end - 1)


def _lead(text: str, outer: Container, number: int) -> str:
    """Return the white space before a part."""
    start = outer.parts[number].start
    before = text[outer.start + 1 : start]
    return before[len(before.rstrip(" \t\r\n")) :]
