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
    if _is_hidden(line):
        return Heard(Way.SAID)
    if (piece := notice(line)) is not None:
        return Heard(Way.SAID, [piece], is_prompt=True)
    content = mapping(line.value.get("message")).get("content")
    heard = Heard(Way.SAID, _pieces(line, content))
    is_answer = heard.has_results or line.value.get("isMeta") is True
    heard.is_prompt = not (is_answer or _is_of_call(line) or is_summary(line))
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


def said_by_model(line: Line, message: dict[str, Any]) -> list[Piece]:
    """Return the blocks of a message of the model, without texts that say nothing."""
    pieces = _pieces(line, message.get("content"))
    return [each for each in pieces if (words := each.text) is None or trimmed(words)]


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
    name = line.name or ""
    if type(content) is str:
        return [Piece(content, line.at(*_WHERE), name)] if content else []
    pieces: list[Piece] = []
    for number, block in enumerate(content if type(content) is list else ()):
        if _is_flat(block) or depth_fits(block):
            kept = at(line.offset, line.length, f"/message/content/{number}")
            pieces += (Piece(block, kept, name),) if block else ()
        else:
            pieces.append(Piece(None, None, name))
    return pieces


def _is_flat(block: Any) -> bool:
    """Whether it is seen at once that a block is not nested deep: most are not."""
    if type(block) is dict:
        for value in block.values():
            if type(value) is dict:
                for inner in value.values():
                    if type(inner) in _NESTED:
                        return False
            elif type(value) is list:
                return False
    return type(block) is not list
