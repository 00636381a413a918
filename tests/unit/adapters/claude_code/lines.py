"""Lines as Claude Code writes them, with nothing in them but what a test is about."""

import json
from typing import Any

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.session import SourceFile, SourceKind
from tests.contracts.trace_parser import Read, Source, read

USAGE = {
    "input_tokens": 3,
    "output_tokens": 77,
    "cache_read_input_tokens": 9300,
    "cache_creation_input_tokens": 1200,
}

Json = dict[str, Any]


class Lines:
    """Makes lines with ids and times that count up."""

    def __init__(self) -> None:
        self._count = 0

    def line(self, kind: str, **fields: Any) -> bytes:
        self._count += 1
        chain = {
            "type": kind,
            "uuid": f"uuid-{self._count}",
            "timestamp": f"2026-11-23T05:00:{self._count % 60:02}.000Z",
        }
        given = {name: value for name, value in {**chain, **fields}.items() if value is not None}
        return json.dumps(given).encode() + b"\n"

    def user(self, content: Any, **fields: Any) -> bytes:
        return self.line("user", message={"role": "user", "content": content}, **fields)

    def answer(self, *blocks: Json, message: str | None = "msg_1", **fields: Any) -> bytes:
        request = fields.pop("request", f"req_of_{message}")
        told: Json = {"id": message, "model": "claude-sonnet-4-5", "content": list(blocks)}
        told |= {"usage": USAGE, **fields.pop("said", {})}
        return self.line("assistant", message=told, requestId=request, **fields)

    def result(self, call: str, content: Any = "ok", told: Any = None, **block: Any) -> bytes:
        given = {"type": "tool_result", "tool_use_id": call, "content": content, **block}
        return self.user([given], toolUseResult=told)


def text(words: str) -> Json:
    return {"type": "text", "text": words}


def call(name: str, identity: str, **given: Any) -> Json:
    return {"type": "tool_use", "id": identity, "name": name, "input": given}


def source(*lines: bytes, name: str = "projects/-w/s.jsonl", **notes: Json) -> Source:
    is_helper = name.rpartition("/")[2].startswith("agent-")
    kind = SourceKind.SUBAGENT if is_helper else SourceKind.TRANSCRIPT
    data = b"".join(lines)
    told = {each: json.dumps(note).encode() for each, note in notes.items()}
    return Source(SourceFile(name, kind, f"/{name}", len(data), "new"), data, told)


def parsed(*lines: bytes, name: str = "projects/-w/s.jsonl", **notes: Json) -> Read:
    return read(ClaudeCodeParser(), source(*lines, name=name, **notes))
