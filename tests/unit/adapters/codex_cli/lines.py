"""Lines as Codex writes them, and what becomes of them."""

from collections.abc import Iterable
from typing import Any

import orjson

from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.domain.step import Step
from tests.contracts.trace_parser import Read, assert_same, read, read_in_parts, transcript

THREAD = "01a206c1-7c5e-7b13-bf9d-4bc85da526ae"
PARENT = "01a206c0-0000-7000-8000-000000000001"
TURN = "01a206c1-7c92-70c2-ae99-2beb71bc6371"
OLD_TURN = "01a206c0-0001-7000-8000-000000000002"

Lines = Iterable[bytes]


def line(kind: str, payload: dict[str, Any], **more: Any) -> bytes:
    stamp = {"timestamp": "2026-11-23T04:54:33.398Z"}
    return orjson.dumps({**stamp, "type": kind, "payload": payload, **more}) + b"\n"


def meta(thread: str = THREAD, **said: Any) -> bytes:
    return line("session_meta", {"id": thread, "cwd": "/w", "cli_version": "0.120.0", **said})


def event(kind: str, /, **said: Any) -> bytes:
    return line("event_msg", {"type": kind, **said})


def item(kind: str, /, **said: Any) -> bytes:
    return event("item_completed", item={"type": kind, **said})


def response(kind: str, sampled: int | None = None, **said: Any) -> bytes:
    about = {} if sampled is None else {"metadata": {"sampled_through_sequence": sampled}}
    return line("response_item", {"type": kind, **said}, **about)


def begin(turn: str = TURN) -> bytes:
    return event("task_started", turn_id=turn)


def typed(text: str) -> bytes:
    return message("user", text)


def said(text: str) -> bytes:
    return message("assistant", text)


def message(role: str, *texts: str, kinds: list[str] | None = None) -> bytes:
    kind = "output_text" if role == "assistant" else "input_text"
    passed = {"content_item_kinds": kinds} if kinds else {}
    return response(
        "message",
        role=role,
        content=[{"type": kind, "text": text} for text in texts],
        internal_chat_message_metadata_passthrough=passed,
    )


def call(call_id: str, tool: str = "exec_command", arguments: str = '{"cmd":"ls"}') -> bytes:
    return response("function_call", name=tool, arguments=arguments, call_id=call_id)


def script(call_id: str, source: str = "text(1)") -> bytes:
    return response("custom_tool_call", name="exec", input=source, call_id=call_id)


def output(call_id: str, text: Any) -> bytes:
    return response("function_call_output", call_id=call_id, output=text)


def ended(call_id: str, text: str, code: int = 0) -> bytes:
    return item(
        "CommandExecution",
        id=call_id,
        command=["/bin/bash", "-lc", "ls"],
        cwd="file:///w",
        aggregated_output=text,
        exit_code=code,
        duration={"secs": 1, "nanos": 500_000_000},
    )


def counted(
    whole: int, cached: int, written: int, last: tuple[int, int, int] | None = None
) -> bytes:
    info: dict[str, Any] = {"total_token_usage": _usage(whole, cached, written)}
    if last is not None:
        info["last_token_usage"] = _usage(*last)
    return event("token_count", info=info)


def recorded(response_id: str, whole: int, cached: int, written: int, **more: Any) -> bytes:
    usage = _usage(whole, cached, written, **more)
    return line("token_usage_record", {"turn_id": TURN, "response_id": response_id, "usage": usage})


def _usage(whole: int, cached: int, written: int, **more: int) -> dict[str, int]:
    return {
        "input_tokens": whole,
        "cached_input_tokens": cached,
        "output_tokens": written,
        "total_tokens": whole + written,
        **more,
    }


def parsed(*lines: bytes) -> Read:
    """Parse lines at once, and after each line, which must say the same."""
    source = transcript(b"".join(lines))
    found = read(CodexCliParser(), source)
    ends = [at + 1 for at, byte in enumerate(source.data) if byte == ord("\n")]
    assert_same(read_in_parts(CodexCliParser(), source, ends), found)
    return found


def steps(*lines: bytes) -> list[Step]:
    return [each.step for each in parsed(*lines).steps]


def told(*lines: bytes) -> list[tuple[str, str | None]]:
    """Return who said what."""
    return [(step.role, step.content) for step in steps(*lines)]


def spent(*lines: bytes) -> list[tuple[int, int, int]]:
    """Return new, written and cached tokens of each answer."""
    return [
        (use.input_tokens, use.output_tokens, use.cache_read_tokens)
        for use in (step.token_usage for step in steps(*lines) if step.role == "agent")
    ]


def seen(*lines: bytes) -> list[tuple[str, str | None, str | None]]:
    """Return what came back: of which call, and whether it failed."""
    return [
        (each.source_call_id, each.content, each.error)
        for step in steps(*lines)
        for each in step.observations
    ]
