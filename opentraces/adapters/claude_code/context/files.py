"""Files and folders that were named in a prompt: the model is shown calls that read them."""

from typing import Any

from opentraces.adapters._reading.values import mapping, text, whole
from opentraces.adapters.claude_code.context.pieces import Line, Piece, Words
from opentraces.domain.context.templates import NUMBERED, numbered
from opentraces.domain.ids import canonical_bytes


def file(line: Line) -> list[Piece] | None:
    """Return the calls for a file. None: it is not known what they look like."""
    content = mapping(line.attachment.get("content"))
    name = text(line.attachment.get("filename"))
    shown = _text(line) if content.get("type") == "text" else _picture(line)
    if name is None or shown is None or line.attachment.get("truncated") is True:
        return None
    return [_called("Read", f'{{"file_path":{_json(name)}}}'), shown]


def directory(line: Line) -> list[Piece] | None:
    """Return the calls for a folder. None: it is not known what they look like."""
    name = text(line.attachment.get("path"))
    if name is None or " " in name:
        return None
    command, about = _json(f"ls {name}"), _json(f"Lists files in {name}")
    words = Words().say("Result of calling the Bash tool:\n").take(line, "content")
    asked = f'{{"command":{command},"description":{about}}}'
    return [_called("Bash", asked), words.reminder()]


def _called(tool: str, asked: str) -> Piece:
    return Words().say(f"Called the {tool} tool with the following input: {asked}").reminder()


def _text(line: Line) -> Piece | None:
    held = mapping(mapping(line.attachment.get("content")).get("file"))
    content, first = held.get("content"), whole(held.get("startLine"))
    if not isinstance(content, str) or first is None:
        return None
    kept = line.at("attachment", "content", "file", "content")
    words = Words().say("Result of calling the Read tool:\n")
    return words.quote(numbered(content, first), {NUMBERED: [kept, first]}).reminder()


def _picture(line: Line) -> Piece | None:
    content = mapping(line.attachment.get("content"))
    held = mapping(content.get("file"))
    if content.get("type") != "image" or not text(held.get("base64")):
        return None

    def picture(data: Any, media: Any) -> dict[str, Any]:
        source = {"type": "base64", "data": data, "media_type": media}
        return {"type": "image", "source": source}

    where = ("attachment", "content", "file")
    kept = picture(line.at(*where, "base64"), line.at(*where, "type"))
    return Piece(picture(held["base64"], held.get("type")), kept)


def _json(words: str) -> str:
    return canonical_bytes(words).decode()
