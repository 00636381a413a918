"""What the first lines of a file say of the session, without reading on."""

from collections.abc import Iterable
from typing import Any

from opentraces.adapters._reading.jsonl import decode
from opentraces.adapters._reading.values import name, text
from opentraces.adapters.pi.line_types import HEADER
from opentraces.adapters.pi.naming import is_safe
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId

HEAD = 64 * 1024
"""Bytes of a file that are looked at."""

_STREAMED = frozenset(("agent_start", "agent_end", "turn_start", "turn_end", "message_start"))


def head_of(pieces: Iterable[bytes]) -> bytes:
    """Return the first bytes of a file; nothing when it cannot be read."""
    try:
        return next(iter(pieces), b"")[:HEAD]
    except SourceUnreadable:
        return b""


def header_in(head: bytes) -> dict[str, Any]:
    """Return the first line of a session; empty: it is none, or not whole."""
    line, end, _ = head.partition(b"\n")
    value = decode(line) if end else None
    return value if value is not None and value.get("type") == HEADER else {}


def session_in(head: bytes) -> SessionId | None:
    """Return the session that the first line names. None: it names none that can name a file."""
    session = name(header_in(head).get("id"))
    return SessionId(session) if session is not None and is_safe(session) else None


def is_session(head: bytes) -> bool:
    """Whether a file begins as Pi's sessions do: Pi takes no other for one."""
    return name(header_in(head).get("id")) is not None and not is_stream(head)


def is_stream(head: bytes) -> bool:
    """Whether it is what `pi --mode json` prints: a session's first line, and then events."""
    return any(text(value.get("type")) in _STREAMED for value in map(decode, _after(head)) if value)


def working_directory(head: bytes) -> str | None:
    """Return the directory the session began in. None: the first line does not say."""
    return name(header_in(head).get("cwd"))


def _after(head: bytes) -> list[bytes]:
    return [line for line in head.split(b"\n")[1:4] if line.startswith(b'{"type":"')]
