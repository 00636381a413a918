"""JSON that names where its parts are kept, in the place of the parts.

A template is a JSON value. An object whose one operator is a key of `OPERATORS` stands for what
that operator makes; all else stands for itself. So nothing that a source holds is written twice,
and whoever has the sources can put the value together without any code of ours:

`{"$from": [source, offset, length, pointer]}`: the value at a JSON pointer (RFC 6901) in the line
of JSON that begins at `offset` of a kept source. With `"without": [keys]`, less some keys of it.
`{"$join": [texts]}`: texts, one after the other, as one text.
`{"$trim": text}`: the text without white space at its two ends: see `SPACE`.
`{"$numbered": [text, n]}`: the text, before each line its number and a tab, the first being `n`.
`{"$concat": [lists]}`: lists, one after the other, as one list.
`{"$json": text}`: the value that a text holds which is JSON itself.
`{"$blob": id}`: the JSON value that a blob holds.
`{"$part": id}`: the value of an earlier `part` of the same tree.
`{"$head": [body, n]}`: the first `n` messages of an earlier `body` of the same tree, before
anything of theirs is `$marked`.
`{"$marked": [template, {pointer: {key: value}}]}`: a value, with keys added at the end of those
objects in it that JSON pointers name.
`{"$text": [body, start, end]}`: some characters of the text of an earlier `body` of the same tree.
`{"$literal": value}`: the value itself, which would look like an operator otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import read_json

FROM, WITHOUT, JOIN, CONCAT = "$from", "without", "$join", "$concat"
TRIM, NUMBERED = "$trim", "$numbered"
BLOB, PART, HEAD, LITERAL = "$blob", "$part", "$head", "$literal"
MARKED, TEXT, JSON = "$marked", "$text", "$json"
OPERATORS = frozenset(
    (FROM, JOIN, TRIM, NUMBERED, CONCAT, JSON, BLOB, PART, HEAD, MARKED, TEXT, LITERAL)
)
"""Keys that make an object an operator."""

SPACE = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    chr(each) for each in range(0x2000, 0x200B)
)
"""What JavaScript takes for white space, or for an end of line."""

SOURCE_OWN = 0
"""What an adapter writes for the source that it reads, whose number it does not know."""

Template = Any
"""See the module."""

Place = tuple[int, int, int, str]
"""Source, offset, length and pointer of one value."""


class Kept(Protocol):
    """Where the parts of templates are looked up. Any method may raise Corrupt."""

    def value(self, place: Place) -> Any:
        """Return what stands at a place."""

    def blob(self, blob: str) -> Any:
        """Return the JSON value that a blob holds."""

    def part(self, part: str) -> Any:
        """Return the value of a part."""

    def head(self, body: str, count: int) -> list[Any]:
        """Return the first messages of a body, before they are marked."""

    def text(self, body: str) -> str:
        """Return the text of a body. Corrupt, where no bodies are held."""
        raise Corrupt(f"no text of body {body} is held")


def at(offset: int, length: int, pointer: str, without: tuple[str, ...] = ()) -> Template:
    """Stand for a value in the source that is being read."""
    said: dict[str, Any] = {FROM: [SOURCE_OWN, offset, length, pointer]}
    return {**said, WITHOUT: list(without)} if without else said


def join(*texts: Template) -> Template:
    """Stand for texts, one after the other; neighbours that are plain text become one."""
    parts: list[Template] = []
    for text in texts:
        if isinstance(text, str) and parts and isinstance(parts[-1], str):
            parts[-1] += text
        else:
            parts.append(text)
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else {JOIN: parts}


def trimmed(text: str) -> str:
    """Return a text without white space at its two ends."""
    return text.strip(SPACE)


def numbered(text: str, first: int) -> str:
    """Return a text with the number of each line before it; only a line feed ends one."""
    return "\n".join(f"{first + n}\t{line}" for n, line in enumerate(text.split("\n")))


def literal(value: Any) -> Template:
    """Stand for a value that is written here, whatever it looks like."""
    if isinstance(value, dict):
        said = {key: literal(each) for key, each in value.items()}
        return said if OPERATORS.isdisjoint(value) else {LITERAL: value}
    if isinstance(value, list):
        return [literal(each) for each in value]
    return value


def placed(template: Template, source: int) -> Template:
    """Return a template with the number of the source that was being read."""
    if source == SOURCE_OWN:
        return template
    if isinstance(template, list):
        return [placed(each, source) for each in template]
    if not isinstance(template, Mapping):
        return template
    if FROM in template:
        return {**template, FROM: [source, *template[FROM][1:]]}
    if LITERAL in template:
        return template
    return {key: placed(each, source) for key, each in template.items()}


def render(template: Template, kept: Kept) -> Any:
    """Return the value that a template stands for. Raises Corrupt."""
    if isinstance(template, list):
        return [render(each, kept) for each in template]
    if not isinstance(template, dict):
        return template
    operator = next((key for key in template if key in OPERATORS), None)
    if operator is None:
        return {key: render(each, kept) for key, each in template.items()}
    try:
        return _OPERATIONS[operator](template, kept)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Corrupt(f"a template cannot be put together: {error!r:.200}") from error


def _from(template: Mapping[str, Any], kept: Kept) -> Any:
    source, offset, length, pointer = template[FROM]
    value = kept.value((source, offset, length, pointer))
    without = template.get(WITHOUT, ())
    return {k: v for k, v in value.items() if k not in without} if without else value


def _join(template: Mapping[str, Any], kept: Kept) -> str:
    return "".join(render(each, kept) for each in template[JOIN])


def _concat(template: Mapping[str, Any], kept: Kept) -> list[Any]:
    return [value for each in template[CONCAT] for value in render(each, kept)]


def _json(template: Mapping[str, Any], kept: Kept) -> Any:
    text: str = render(template[JSON], kept)
    return read_json(text.encode())


def _marked(template: Mapping[str, Any], kept: Kept) -> Any:
    inner, marks = template[MARKED]
    value = render(inner, kept)
    for pointer, mark in marks.items():
        value = _with(value, tokens(pointer), mark)
    return value


def _with(value: Any, path: Sequence[str], mark: Mapping[str, Any]) -> Any:
    """Return a value with keys added to an object in it; what others hold of it stays as it is."""
    if not path:
        return {**value, **mark}
    if isinstance(value, list):
        place = int(path[0])
        return [*value[:place], _with(value[place], path[1:], mark), *value[place + 1 :]]
    return {**value, path[0]: _with(value[path[0]], path[1:], mark)}


def _text(template: Mapping[str, Any], kept: Kept) -> str:
    body, start, end = template[TEXT]
    return kept.text(body)[start:end]


_OPERATIONS: Mapping[str, Callable[[Mapping[str, Any], Kept], Any]] = {
    FROM: _from,
    JOIN: _join,
    TRIM: lambda template, kept: trimmed(render(template[TRIM], kept)),
    NUMBERED: lambda template, kept: numbered(
        render(template[NUMBERED][0], kept), template[NUMBERED][1]
    ),
    CONCAT: _concat,
    JSON: _json,
    BLOB: lambda template, kept: kept.blob(template[BLOB]),
    PART: lambda template, kept: kept.part(template[PART]),
    HEAD: lambda template, kept: kept.head(*template[HEAD]),
    MARKED: _marked,
    TEXT: _text,
    LITERAL: lambda template, kept: template[LITERAL],
}


def pointed(value: Any, pointer: str) -> Any:
    """Return what a JSON pointer names in a value. Raises LookupError or ValueError."""
    for key in tokens(pointer):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def tokens(pointer: str) -> list[str]:
    """Return what a JSON pointer goes through, from the outermost on."""
    return [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]
