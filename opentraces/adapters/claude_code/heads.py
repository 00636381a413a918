"""What the first lines of a transcript say of the session, without reading on."""

import re
from collections.abc import Iterator
from typing import Any

from opentraces.adapters._jsonl import decode
from opentraces.adapters.claude_code.files import read_whole
from opentraces.adapters.claude_code.line_types import KNOWN
from opentraces.adapters.claude_code.values import text

HEAD = 256 * 1024
"""Bytes of a transcript that are looked at."""

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
    return next(
        (found for line in _lines(_head(path)) if (found := text(line.get("sessionId")))), None
    )


def is_transcript(path: str) -> bool:
    """Whether a file's first lines are of Claude Code's kind."""
    return any(line.get("type") in KNOWN and "sessionId" in line for line in _lines(_head(path)))


def _head(path: str) -> bytes:
    return read_whole(path, HEAD)


def _lines(head: bytes) -> Iterator[dict[str, Any]]:
    for line in head.split(b"\n"):
        value = decode(line) if line.startswith(b"{") else None
        if value is not None:
            yield value
