"""Lines of the user, of the program and of the model, as pieces of what the model is told."""

from typing import Any

from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.claude_code.blocks import depth_fits
from opentraces.adapters.claude_code.context.attached import attached
from opentraces.adapters.claude_code.context.hook_words import is_of_tool
from opentraces.adapters.claude_code.context.merging import Heard, Way
from opentraces.adapters.claude_code.context.pieces import Line, Piece
from opentraces.adapters.claude_code.context.queued import notice
from opentraces.domain.context.templates import at, trimmed

_WHERE = ("message", "content")
_NESTED = (dict, list)


def said_by_user(line: Line) -> Heard:
    """Return a line of the user as a message; one without pieces is not sent."""
    content = mapping(line.value.get("message")).get("content")
    if _is_hidden(line):
        return Heard(Way.SAID)
    if (piece := notice(line)) is not None:
        return Heard(Way.SAID, [piece], is_prompt=True)
    is_prompt = line.value.get("isMeta") is not True and not _is_of_call(line)
    heard = Heard(Way.SAID, _pieces(line, content), is_prompt)
    heard.is_prompt = is_prompt and not heard.has_results and not is_summary(line)
    return heard


def said_by_program(line: Line) -> Heard:
    """Return a line of the program as a message: only what a command printed is sent."""
    content = text(line.value.get("content"))
    if line.value.get("subtype") != "local_command" or content is None:
        return Heard(Way.SAID)
    return Heard(Way.SAID, [Piece(content, line.at("content"))])


def said_by_attachment(line: Line) -> Heard | None:
    """Return an attachment as a message. None: it is not known what the model is told of it."""
    pieces = attached(line)
    if pieces is None:
        return None
    way = Way.FOLDED if isinstance(line.value.get("rendered"), list) else Way.ATTACHED
    return Heard(Way.HOOKED if way is Way.ATTACHED and is_of_tool(line) else way, pieces)


def said_by_model(line: Line) -> list[Piece]:
    """Return the blocks of a line of the model, without texts that say nothing."""
    content = mapping(line.value.get("message")).get("content")
    return [each for each in _pieces(line, content) if each.text is None or trimmed(each.text)]


def is_summary(line: Line) -> bool:
    """Whether a line is the summary of what was compacted."""
    return line.value.get("isCompactSummary") is True


def may_go_back(line: Line, heard: Heard) -> bool:
    """Whether a line may go on from an earlier one than that before it."""
    return bool(heard.pieces) and not (heard.has_results or _is_of_call(line) or is_summary(line))


def _is_of_call(line: Line) -> bool:
    return text(line.value.get("sourceToolUseID")) is not None


def _is_hidden(line: Line) -> bool:
    return line.value.get("isVisibleInTranscriptOnly") is True and not is_summary(line)


def _pieces(line: Line, content: Any) -> list[Piece]:
    if type(content) is str:
        return [Piece(content, line.at(*_WHERE), line.name or "")] if content else []
    blocks = content if type(content) is list else []
    return [_piece(line, number, block) for number, block in enumerate(blocks) if block]


def _piece(line: Line, number: int, block: Any) -> Piece:
    if not _fits(block):
        return Piece(None, None, line.name or "")
    kept = at(line.offset, line.length, f"/message/content/{number}")
    return Piece(block, kept, line.name or "")


def _fits(block: Any) -> bool:
    if type(block) is dict:
        for value in block.values():
            if type(value) in _NESTED:
                return depth_fits(block)
        return True
    return depth_fits(block)
