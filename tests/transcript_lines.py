"""Lines of a Claude Code transcript, built as the client writes them."""

import json
from typing import Any

_BASE = {"cwd": "/home/dev/widgets", "version": "2.1.197", "gitBranch": "main"}


def typed(text: Any, *, at: int, uuid: str = "", session: str = "s1", **more: Any) -> bytes:
    """Return what a person typed, `at` seconds after the hour."""
    message = {"role": "user", "content": text}
    return _line("user", at, uuid or f"u-{text}", session, message=message, **more)


def answered(text: str, *, at: int, message: str = "", session: str = "s1", **more: Any) -> bytes:
    """Return an answer of the model that cost 1, 2, 4 and 8 tokens."""
    name = message or text
    blocks = more.pop("blocks", [{"type": "text", "text": text}])
    return _line(
        "assistant",
        at,
        more.pop("uuid", f"a-{text}"),
        session,
        requestId=f"req_{name}",
        message={
            "id": f"msg_{name}",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": blocks,
            "stop_reason": "end_turn",
            "usage": {
                "input_tokens": 1,
                "output_tokens": 2,
                "cache_read_input_tokens": 4,
                "cache_creation_input_tokens": 8,
            },
        },
        **more,
    )


def _line(kind: str, at: int, uuid: str, session: str, **more: Any) -> bytes:
    stamp = f"2026-11-01T10:{at // 60:02d}:{at % 60:02d}.000Z"
    fields = {
        "parentUuid": None,
        "isSidechain": False,
        "type": kind,
        "uuid": uuid,
        "timestamp": stamp,
        "sessionId": session,
        **_BASE,
        **more,
    }
    return json.dumps(fields).encode() + b"\n"
