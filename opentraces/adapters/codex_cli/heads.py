"""What the first lines of a rollout say of the session, without reading on."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from opentraces.adapters._reading.jsonl import decode
from opentraces.adapters._reading.values import mapping, name, text
from opentraces.domain.errors import SourceUnreadable

HEAD = 256 * 1024
"""Bytes of a rollout that are looked at, where the first few do not tell."""

FEW = 8 * 1024
"""Bytes in which it says where it began, but for the first releases."""

_FIRST = re.compile(rb'\A[^\n]{0,4096}?"cwd":\s?("(?:[^"\\\n]|\\.)*")')
_CWD = re.compile(rb'"cwd":\s?("(?:[^"\\\n]|\\.)*")')
_TOLD = re.compile(r"<cwd>([^<>\n]{1,4096})</cwd>")
_TYPES = frozenset(("session_meta", "response_item", "event_msg", "turn_context", "compacted"))
_THREAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STREAMED = frozenset(("thread.started", "turn.started", "item.started", "item.completed"))


def head_of(pieces: Iterable[bytes], most: int = HEAD) -> bytes:
    """Return the first bytes of a file; nothing when it cannot be read."""
    held: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= most:
                break
    except SourceUnreadable:
        return b""
    return b"".join(held)[:most]


def working_directory(head: bytes) -> str | None:
    """Return the directory the session began in. None: the first lines do not say."""
    for found in (_FIRST.search(head), _CWD.search(head)):
        said = decode(b'{"cwd":' + found[1] + b"}") if found else None
        if said and (folder := name(said.get("cwd"))):
            return folder
    told = _TOLD.search(head.decode("utf-8", "replace"))
    return told[1] if told else None


def thread_in(head: bytes) -> str | None:
    """Return the thread that the first line names. None: it names none."""
    for line in _lines(head):
        said = mapping(line.get("payload")) if line.get("type") == "session_meta" else line
        thread = text(said.get("id")) if said is not line or _is_bare(line) else None
        if thread is not None and _THREAD.fullmatch(thread):
            return thread
    return None


def is_session(head: bytes) -> bool:
    """Whether a file's first lines are of Codex's kind."""
    return any(_is_known(line) or _is_bare(line) for line in _lines(head))


def is_stream(head: bytes) -> bool:
    """Whether they are what `codex exec --json` prints."""
    return any(line.get("type") in _STREAMED for line in _lines(head) if _is_typed(line))


def _is_typed(line: dict[str, Any]) -> bool:
    return type(line.get("type")) is str


def _is_known(line: dict[str, Any]) -> bool:
    return _is_typed(line) and line["type"] in _TYPES and type(line.get("payload")) is dict


def _is_bare(line: dict[str, Any]) -> bool:
    """Whether it is the first line of a rollout of the first releases."""
    return "type" not in line and {"id", "timestamp", "instructions"} <= line.keys()


def _lines(head: bytes) -> Iterator[dict[str, Any]]:
    for line in head.split(b"\n")[:50]:
        value = decode(line) if line.startswith(b"{") else None
        if value is not None:
            yield value
