"""Sessions that Claude Code can go on with: its own lines, under the id of another session.

It is told the file. It takes every line that has an id, the last one as the end of the
conversation, and appends to the file. The id of the session must be a UUID.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from opentraces.adapters._reading.jsonl import LINE_LIMIT, Giant, complete_lines, decode
from opentraces.adapters._reading.values import mapping, objects, text
from opentraces.adapters.claude_code.line_types import sniff
from opentraces.adapters.claude_code.naming import dashed
from opentraces.domain.ids import SessionId
from opentraces.domain.resuming.cutting import LineMarks
from opentraces.ports.resumable import ResumableFormat

_SESSION = re.compile(rb'("sessionId"\s*:\s*)"[^"\\]*"')
_EDGE = 4096
_LONGEST = 200
_SAID = ("user", "assistant")


class ClaudeCodeResuming(ResumableFormat):
    """See ResumableFormat."""

    def marks(self, pieces: Iterable[bytes]) -> Iterator[LineMarks]:
        """See ResumableFormat."""
        for _, line in complete_lines(pieces, 0):
            yield _of_giant(line) if isinstance(line, Giant) else _marks(decode(line))

    def renamed(self, pieces: Iterable[bytes], session: SessionId) -> Iterator[bytes]:
        """See ResumableFormat. Lines without an id of their own are left out."""
        name = session.encode()
        for line in _whole_lines(pieces):
            if len(line) > LINE_LIMIT:
                yield _renamed_giant(line, name)
            else:
                yield _renamed(line, session)

    def file_name(self, session: SessionId, folder: str | None) -> str:
        """See ResumableFormat."""
        return f"projects/{dashed(folder or '/')[:_LONGEST]}/{session}.jsonl"

    def command(self, file: str) -> tuple[str, ...]:
        """See ResumableFormat."""
        return ("claude", "--resume", file)


def _marks(value: dict[str, Any] | None) -> LineMarks:
    if value is None or text(value.get("uuid")) is None:
        return LineMarks()
    kind, message = value.get("type"), mapping(value.get("message"))
    blocks = objects(message.get("content"))
    is_answer, is_user = kind == "assistant", kind == "user"
    calls = _named(blocks, "tool_use", "id") if is_answer else ()
    results = _named(blocks, "tool_result", "tool_use_id") if is_user else ()
    is_injected = value.get("isMeta") is True or value.get("isCompactSummary") is True
    return LineMarks(
        id=text(value.get("uuid")),
        follows=text(value.get("parentUuid")),
        message=text(message.get("id")) if is_answer else None,
        calls=calls,
        results=results,
        is_said=kind in _SAID,
        is_prompt=is_user and not results and not is_injected,
        is_aside=value.get("isSidechain") is True,
        awaits_summary=kind == "system" and value.get("subtype") == "compact_boundary",
    )


def _named(blocks: list[dict[str, Any]], kind: str, key: str) -> tuple[str, ...]:
    found = (text(block.get(key)) for block in blocks if block.get("type") == kind)
    return tuple(name for name in found if name is not None)


def _of_giant(giant: Giant) -> LineMarks:
    """Tell what its two ends show: a long line is a prompt or a result, never an answer."""
    seen = sniff(giant)
    return LineMarks(
        id=seen.uuid,
        results=(seen.tool_use_id,) if seen.tool_use_id is not None else (),
        is_said=seen.type in _SAID,
    )


def _renamed(line: bytes, session: SessionId) -> bytes:
    value = decode(line)
    if value is None or text(value.get("uuid")) is None:
        return b""
    if "sessionId" not in value:
        return line + b"\n"
    wanted = {**value, "sessionId": session}
    for found in _SESSION.finditer(line):
        changed = _with(line, found, session.encode())
        if decode(changed) == wanted:  # not one of the same name further in
            return changed + b"\n"
    return b""


def _renamed_giant(line: bytes, name: bytes) -> bytes:
    """Replace the id at the end of a line that is not read, or else at its beginning."""
    if sniff(Giant(line[:_EDGE], line[-_EDGE:], len(line))).uuid is None:
        return b""
    behind = [*_SESSION.finditer(line, len(line) - _EDGE)]
    found = behind[-1] if behind else _SESSION.search(line, 0, _EDGE)
    return (_with(line, found, name) if found else line) + b"\n"


def _with(line: bytes, found: re.Match[bytes], name: bytes) -> bytes:
    return line[: found.start()] + found[1] + b'"' + name + b'"' + line[found.end() :]


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield complete lines without their newlines, however long they are."""
    held: list[bytes] = []
    for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for line in ended:
            yield b"".join((*held, line))
            held = []
        if rest:
            held.append(rest)
