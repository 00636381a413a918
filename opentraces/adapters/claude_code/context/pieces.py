"""Pieces of what the model is told, each with where it is kept."""

from typing import Any

from opentraces.adapters._reading.values import mapping
from opentraces.domain.context.templates import JOIN, TRIM, Template, at, join, trimmed
from opentraces.domain.slotted import mutable_dataclass


class Line:
    """One line of a transcript, and where it stands."""

    __slots__ = ("length", "name", "offset", "value")

    def __init__(self, value: dict[str, Any], offset: int, length: int) -> None:
        self.value = value
        """What it says."""
        self.offset = offset
        """Where it begins: bytes from the start of the source."""
        self.length = length
        """Bytes, its newline not counted."""
        self.name = short(value.get("uuid"))
        """Its own id, short. None: it has none."""

    def at(self, *keys: str | int) -> Template:
        """Stand for a value of it."""
        return at(self.offset, self.length, "".join(f"/{key}" for key in keys))

    @property
    def attachment(self) -> dict[str, Any]:
        """What is attached; an empty one where there is none."""
        return mapping(self.value.get("attachment"))

    def objects(self, key: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the JSON objects of a list of the attachment, each with its place in it."""
        values = self.attachment.get(key)
        listed = values if isinstance(values, list) else []
        return [(n, each) for n, each in enumerate(listed) if isinstance(each, dict)]

    def texts(self, key: str) -> list[tuple[int, str]]:
        """Return the texts of a list of the attachment, each with its place in it."""
        values = self.attachment.get(key)
        listed = values if isinstance(values, list) else []
        return [(n, each) for n, each in enumerate(listed) if isinstance(each, str)]


@mutable_dataclass
class Piece:
    """One block of a message of the user, before it is known what is glued to it."""

    value: Any
    """As it would be sent. None: it is nested too deep to be kept."""

    content: Template
    """Where that is kept."""

    line: str = ""
    """The line that it is of, short."""

    @property
    def text(self) -> str | None:
        """Its words, if it is a text."""
        words = self.value
        if type(words) is dict:
            words = words.get("text") if words.get("type") == "text" else None
        return words if type(words) is str else None

    @property
    def is_result(self) -> bool:
        """Whether it is what a tool gave back."""
        return type(self.value) is dict and self.value.get("type") == "tool_result"

    @property
    def words(self) -> Template:
        """Stands for the words of a text."""
        return inside(self.content, "text") if isinstance(self.value, dict) else self.content


class Words:
    """A text that is put together."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._parts: list[Template] = []

    def say(self, words: str) -> "Words":
        """Add words of the program's own."""
        self._said.append(words)
        self._parts.append(words)
        return self

    def quote(self, words: Any, content: Template) -> "Words":
        """Add a text that the line holds; what is no text adds nothing."""
        if isinstance(words, str) and words:
            self._said.append(words)
            self._parts.append(content)
        return self

    def take(self, line: Line, *keys: str | int) -> "Words":
        """Add a text of the line's attachment; what is no text adds nothing."""
        value: Any = line.attachment
        for key in keys:
            value = value[key] if isinstance(key, int) else mapping(value).get(key)
        return self.quote(value, line.at("attachment", *keys))

    def add(self, piece: Piece) -> "Words":
        """Add another text."""
        self._said.append(piece.text or "")
        self._parts += _parts(piece.words)
        return self

    def piece(self) -> Piece:
        """Return the text."""
        return Piece("".join(self._said), join(*self._parts))

    def reminder(self) -> Piece:
        """Return the text as the program marks what no person said."""
        return marked(self.piece())


def short(uuid: Any) -> str | None:
    """Return the id of a line, shortened: enough to tell the lines of a session apart."""
    return uuid[:18] if type(uuid) is str and uuid else None


def marked(piece: Piece) -> Piece:
    """Return a text as the program marks what no person said."""
    words = piece.text or ""
    content = join("<system-reminder>\n", *_parts(piece.words), "\n</system-reminder>")
    return Piece(f"<system-reminder>\n{words}\n</system-reminder>", content, line=piece.line)


def with_newline(piece: Piece) -> Piece:
    """Return a text with the newline that parts it from the text of another message."""
    return Piece(f"{piece.text}\n", join(*_parts(piece.words), "\n"), line=piece.line)


def glued(result: Piece, piece: Piece) -> Piece:
    """Return what a tool gave back as a text, with another text after a blank line."""
    content = result.value.get("content")
    pairs = [(content, inside(result.content, "content"))] if content else []
    pairs.append((piece.text, piece.words))
    said = [(words, _trimmed(words, kept)) for words, kept in pairs if trimmed(words)]
    parts: list[Template] = []
    for _, kept in said:
        parts += ["\n\n", *_parts(kept)] if parts else _parts(kept)
    value = {**result.value, "content": "\n\n".join(trimmed(words) for words, _ in said)}
    template = {**_fields(result), "content": join(*parts)}
    return Piece(value, template, line=result.line)


def glued_blocks(result: Piece, piece: Piece) -> Piece:
    """Return what a tool gave back as blocks, with a text after them."""
    blocks, kept = result.value["content"], inside(result.content, "content")
    listed = kept if isinstance(kept, list) else [inside(kept, str(n)) for n in range(len(blocks))]
    before = [Piece(*each) for each in zip(blocks, listed, strict=True)]
    if before and before[-1].text is not None:
        before[-1] = _as_block(with_newline(before[-1]))
    after = [*before, _as_block(piece)]
    value = {**result.value, "content": [each.value for each in after]}
    content = {**_fields(result), "content": [each.content for each in after]}
    return Piece(value, content, line=result.line)


def _as_block(piece: Piece) -> Piece:
    words = {"type": "text", "text": piece.words}
    return Piece({"type": "text", "text": piece.text}, words, line=piece.line)


def inside(content: Template, key: str) -> Template:
    """Stand for one field of what a template stands for."""
    if "$from" in content:
        source, offset, length, pointer = content["$from"]
        return {"$from": [source, offset, length, f"{pointer}/{key}"]}
    return content[key]


def _fields(result: Piece) -> dict[str, Any]:
    return {key: value for key, value in result.value.items() if key != "content"}


def _trimmed(words: str, content: Template) -> Template:
    return content if trimmed(words) == words else {TRIM: content}


def _parts(content: Template) -> list[Template]:
    is_joined = isinstance(content, dict) and JOIN in content
    return list(content[JOIN]) if is_joined else [content]
