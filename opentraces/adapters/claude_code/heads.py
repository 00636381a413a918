"""What the first lines of a transcript say of the session, without reading on."""

import re
from collections.abc import Iterator
from typing import Any

from opentraces.adapters._reading.jsonl import decode
from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.files import read_whole
from opentraces.adapters.claude_code.line_types import KNOWN

HEAD = 256 * 1024
"""Bytes of a transcript that are looked at."""

_FEW = 16 * 1024
_CWD = re.compile(rb'"cwd":\s?("(?:[^"\\\n]|\\.)*")')


def working_directory(path: str) -> str | None:
    """Return the directory the session began in. None: the first lines do not say."""
    head = read_whole(path, HEAD)
    for line in _lines(head):
        if folder := text(line.get("cwd")):
            return folder
    found = _CWD.search(head)
    cut = decode(b'{"cwd":' + found[1] + b"}") if found else None
    return text(cut.get("cwd")) if cut else None


def session_of(path: str) -> str | None:
    """Return the session that a sub-agent's transcript names. None: its first lines do not."""
    named = (text(line.get("sessionId")) for line in _lines(_sample(path)))
    return next((session for session in named if session), None)


def is_transcript(path: str) -> bool:
    """Whether a file's first lines are of Claude Code's kind."""
    return any(_is_known(line) for line in _lines(_sample(path)))


def is_history(path: str) -> bool:
    """Whether a file's first lines are prompts of sessions."""
    return any("display" in line and "sessionId" in line for line in _lines(_sample(path)))


def _is_known(line: dict[str, Any]) -> bool:
    kind = line.get("type")
    return type(kind) is str and kind in KNOWN and ("sessionId" in line or "uuid" in line)


def _sample(path: str) -> bytes:
    """Return a few lines, or the whole head where the first of them is long."""
    sample = read_whole(path, _FEW)
    return sample if b"\n" in sample else read_whole(path, HEAD)


def _lines(head: bytes) -> Iterator[dict[str, Any]]:
    for line in head.split(b"\n"):
        value = decode(line) if line.startswith(b"{") else None
        if value is not None:
            yield value
