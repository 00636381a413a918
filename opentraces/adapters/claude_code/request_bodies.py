"""What Claude Code says in the body of a request, beside the conversation itself."""

import re
from collections.abc import Mapping
from typing import Any

from opentraces.adapters._reading.values import inner, mapping, name, objects, text
from opentraces.domain.context.events import Purpose
from opentraces.domain.context.live import RequestSaid
from opentraces.domain.context.sent import sent_blocks
from opentraces.domain.ids import SessionId, read_json

_COMPACTION = "Your task is to create a detailed summary"
_SUMMARY = "This session is being continued from a previous conversation"
_HELPER = "cc_is_subagent=true"
_TITLE = "title"
_SOURCES: Mapping[str, Purpose] = {
    "compact": "compaction",
    "generate_session_title": "title",
    "sdk": "step",
    "repl_main_thread": "step",
}
_METADATA = re.compile(rb',"metadata":({(?:[^{}"]|"(?:[^"\\]|\\.)*")*})')
_SESSION = re.compile(r"[0-9A-Za-z_-]{1,100}")


def said_in(body: Any, query_source: str | None = None) -> RequestSaid:
    """Return what the client's words in a request tell of it.

    `query_source` is what its telemetry says that the request was made by. None: it said nothing.
    """
    request = mapping(body)
    texts = [
        said
        for block in sent_blocks(request.get("messages"))
        if block.role == "user" and (said := _text(block.value))
    ]
    return RequestSaid(
        purpose=_told(query_source) or _purpose(request, texts),
        is_helper=any(_HELPER in said for said in map(_text, objects(request.get("system")))),
        is_compacted=any(said.startswith(_SUMMARY) for said in texts),
    )


def session_in(data: bytes) -> SessionId | None:
    """Return the session whose request this is, or the end of it. None: it does not say."""
    found = _METADATA.findall(data)
    for said in reversed(found):
        try:
            user = inner(mapping(read_json(said)).get("user_id"))
        except ValueError:
            continue
        session = text(mapping(user).get("session_id"))
        if session and _SESSION.fullmatch(session):
            return SessionId(session)
    return None


def answer_in(data: bytes) -> str | None:
    """Return the id of the answer that a response holds. None: it has none, or is not whole."""
    try:
        return name(mapping(read_json(data)).get("id"))
    except ValueError:
        return None


def _told(query_source: str | None) -> Purpose | None:
    if query_source is None:
        return None
    return "step" if query_source.startswith("agent:") else _SOURCES.get(query_source, "other")


def _purpose(request: Mapping[str, Any], texts: list[str]) -> Purpose:
    if texts and _COMPACTION in texts[-1]:
        return "compaction"
    system = " ".join(map(_text, objects(request.get("system"))))
    return "title" if _TITLE in system and not request.get("tools") else "step"


def _text(block: Any) -> str:
    said = block if isinstance(block, str) else mapping(block).get("text")
    return said if isinstance(said, str) else ""
