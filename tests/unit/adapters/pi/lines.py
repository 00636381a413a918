"""Lines as Pi writes them, and what becomes of them."""

from typing import Any

import orjson

from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.facts import SourceFacts
from opentraces.domain.step import Step
from tests.contracts.trace_parser import Read, assert_same, read, read_in_parts, transcript

SESSION = "01a206d9-9346-76db-a134-c5161f404724"
PARENT = "01a206d9-9f4d-70b0-bc74-6a3345d921e8"
FILE = f"/home/dev/.pi/agent/sessions/--w--/2026-11-23T05-20-55-118Z_{PARENT}.jsonl"
BEGUN = "2026-11-23T05:00:00.000Z"
BEFORE = "2026-11-23T04:00:00.000Z"
STAMP = "2026-11-23T05:00:01.000Z"


def header(**said: Any) -> bytes:
    values = {"version": 3, "id": SESSION, "timestamp": BEGUN, "cwd": "/w", **said}
    return orjson.dumps({"type": "session", **values}) + b"\n"


def entry(kind: str, own: str | None, over: str | None = None, /, **said: Any) -> bytes:
    """Return an entry; one without an id is of the first version, and has no parent."""
    place = {} if own is None else {"id": own, "parentId": over}
    return orjson.dumps({"type": kind, **place, "timestamp": STAMP, **said}) + b"\n"


def message(role: str, own: str | None, over: str | None = None, /, **said: Any) -> bytes:
    stamp = said.pop("stamp", STAMP)
    return entry("message", own, over, message={"role": role, **said}, timestamp=stamp)


def typed(own: str | None, over: str | None, words: Any, **said: Any) -> bytes:
    return message("user", own, over, content=words, **said)


def answer(own: str | None, over: str | None, words: str, *calls: str, **said: Any) -> bytes:
    parts: list[dict[str, Any]] = [{"type": "text", "text": words}] if words else []
    parts += [
        {"type": "toolCall", "id": c, "name": "read", "arguments": {"path": "a"}} for c in calls
    ]
    values = {"content": parts, "provider": "p", "model": "m", "responseId": f"r-{own}", **said}
    return message("assistant", own, over, **values)


def result(own: str | None, over: str | None, call: str, words: str = "ok", **said: Any) -> bytes:
    content = [{"type": "text", "text": words}]
    return message("toolResult", own, over, toolCallId=call, content=content, **said)


def usage(
    new: int, written: int, cached: int = 0, stored: int = 0, cost: float | None = None
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "input": new,
        "output": written,
        "cacheRead": cached,
        "cacheWrite": stored,
    }
    return said if cost is None else {**said, "cost": {"total": cost}}


def parsed(*lines: bytes) -> Read:
    """Parse lines at once, and after each line, which must say the same."""
    source = transcript(b"".join(lines))
    found = read(PiParser(), source)
    ends = [at + 1 for at, byte in enumerate(source.data) if byte == ord("\n")]
    assert_same(read_in_parts(PiParser(), source, ends), found)
    return found


def steps(*lines: bytes) -> list[Step]:
    return [each.step for each in parsed(*lines).steps]


def facts(*lines: bytes) -> SourceFacts:
    return parsed(*lines).source.facts


def told(*lines: bytes) -> list[tuple[str, str | None]]:
    """Return who said what."""
    return [(step.role, step.content) for step in steps(*lines)]


def origins(*lines: bytes) -> list[str | None]:
    return [step.native.get("origin") for step in parsed(*lines).steps]


def seen(*lines: bytes) -> list[tuple[str, str | None, str | None]]:
    """Return what came back: of which call, and whether it failed."""
    return [
        (each.source_call_id, each.content, each.error)
        for step in steps(*lines)
        for each in step.observations
    ]
