"""Three services on loopback that Pi knows how to ask, with one script for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import orjson

from tests.agents.rig.choosing import Chooser
from tests.agents.rig.events import Event, stream
from tests.agents.rig.loopback import listening
from tests.agents.rig.script import (
    Answer,
    Call,
    Cut,
    Failure,
    Held,
    Lane,
    Reply,
    Served,
    Text,
    Thinking,
)

SEALED = "c2VhbGVkIHRoaW5raW5n"
"""What Responses hands out in the place of thinking."""

_HELD_S = 30


class Services(Chooser):
    """Chooses replies for all three."""

    def choose(
        self, request: Mapping[str, Any], headers: Mapping[str, str]
    ) -> tuple[Reply, Served]:
        """See Chooser."""
        if "input" not in request:
            return super().choose(request, headers)
        said = [{**row, "content": _texts(row)} for row in request["input"] if "role" in row]
        chosen = super().choose({**request, "messages": said}, headers)
        self.requests[-1] = request
        return chosen

    def answered(self) -> dict[str, Mapping[str, Any]]:
        """Return each request by the id of its response."""
        pairs = zip(self.served, self.requests, strict=True)
        return {sent.message_id: request for sent, request in pairs}


@contextmanager
def serving(lanes: Sequence[Lane]) -> Iterator[tuple[Services, str]]:
    """Serve a script; yields what remembers the requests, and the address to give a client."""
    api = Services(lanes)

    class Bound(_Handler):
        scripted = api

    with listening(Bound, api.release) as address:
        yield api, address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: ClassVar[Services]

    def do_POST(self) -> None:
        """Answer a request, in the words of the service that is asked."""
        request = orjson.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
        reply, sent = self.scripted.choose(request, dict(self.headers))
        self.close_connection = True
        try:
            if isinstance(reply, Failure):
                error = {"type": "error", "error": {"type": reply.kind, "message": "Scripted."}}
                self._begin(reply.status, "application/json")
                self.wfile.write(orjson.dumps(error))
                return
            answer = reply.answer if isinstance(reply, Cut | Held) else reply
            self._begin(200, "text/event-stream")
            self._stream([*self._events(answer, sent.message_id, request)], reply)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked was ended meanwhile

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Print nothing."""

    def _events(self, answer: Answer, name: str, request: Event) -> Iterator[tuple[str, Any]]:
        if self.path.endswith("/chat/completions"):
            yield from _chunks(answer, name, request["model"])
        elif self.path.endswith("/responses"):
            yield from _items(answer, name, request["model"])
        else:
            tokens = self.scripted.served[-1].tokens
            told = stream(answer, name, request["model"], tokens)
            yield from ((event["type"], event) for event in told)

    def _begin(self, status: int, content_type: str) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("connection", "close")
        self.end_headers()

    def _stream(self, events: Sequence[tuple[str, Any]], reply: Any) -> None:
        for number, (kind, event) in enumerate(events):
            if number == len(events) - 2 and isinstance(reply, Held):
                reply.released.wait(_HELD_S)
            if number == len(events) - 2 and isinstance(reply, Cut):
                return
            data = event if isinstance(event, bytes) else orjson.dumps(event)
            self.wfile.write(b"event: %s\ndata: %s\n\n" % (kind.encode(), data))
            self.wfile.flush()


def _texts(row: Mapping[str, Any]) -> list[Event]:
    content = row["content"]
    parts = [{"text": content}] if isinstance(content, str) else content
    return [{"type": "text", "text": part["text"]} for part in parts if "text" in part]


def _chunks(answer: Answer, name: str, model: str) -> Iterator[tuple[str, Any]]:
    """Yield an answer as Chat Completions streams it."""
    head = {"id": name, "object": "chat.completion.chunk", "created": 1, "model": model}

    def chunk(delta: Event, ended: str | None = None) -> tuple[str, Event]:
        return "message", {
            **head,
            "choices": [{"index": 0, "delta": delta, "finish_reason": ended}],
        }

    yield chunk({"role": "assistant", "content": ""})
    calls = 0
    for block in answer.blocks:
        match block:
            case Thinking():
                yield chunk({"reasoning_content": block.text})
            case Text():
                yield chunk({"content": block.text})
            case Call():
                yield chunk({"tool_calls": [_function(block, f"call_{name}{calls}", calls)]})
                calls += 1
    yield chunk({}, "tool_calls" if calls else "stop")
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    yield "message", {**head, "choices": [], "usage": usage}
    yield "message", b"[DONE]"


def _function(call: Call, name: str, index: int) -> Event:
    given = orjson.dumps(dict(call.arguments)).decode()
    function = {"name": call.tool, "arguments": given}
    return {"index": index, "id": name, "type": "function", "function": function}


def _items(answer: Answer, name: str, model: str) -> Iterator[tuple[str, Any]]:
    """Yield an answer as Responses streams it."""
    items = [_item(block, f"{name}_{at}") for at, block in enumerate(answer.blocks)]
    response: Event = {"id": name, "object": "response", "model": model}
    number = 0

    def event(kind: str, **said: Any) -> tuple[str, Event]:
        nonlocal number
        number += 1
        return kind, {"type": kind, "sequence_number": number, **said}

    yield event("response.created", response={**response, "status": "in_progress", "output": []})
    for at, item in enumerate(items):
        begun = {key: [] if isinstance(value, list) else value for key, value in item.items()}
        yield event("response.output_item.added", output_index=at, item={**begun, **_NOT_YET})
        for kind, said in _pieces(item):
            yield event(kind, output_index=at, item_id=item["id"], **said)
        yield event("response.output_item.done", output_index=at, item=item)
    usage = {
        "input_tokens": 9,
        "output_tokens": 3,
        "total_tokens": 12,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    done = {**response, "status": "completed", "output": items, "usage": usage}
    yield event("response.completed", response=done)


_NOT_YET = {"status": "in_progress"}


def _item(block: Text | Thinking | Call, name: str) -> Event:
    match block:
        case Thinking():
            summary = [{"type": "summary_text", "text": block.text}]
            rest: Event = {"summary": summary, "encrypted_content": SEALED}
            return {"type": "reasoning", "id": f"rs_{name}", **rest}
        case Text():
            content = [{"type": "output_text", "text": block.text, "annotations": []}]
            rest = {"role": "assistant", "status": "completed", "content": content}
            return {"type": "message", "id": f"msg_{name}", **rest}
        case Call():
            given = orjson.dumps(dict(block.arguments)).decode()
            rest = {"name": block.tool, "arguments": given, "status": "completed"}
            return {"type": "function_call", "id": f"fc_{name}", "call_id": f"call_{name}", **rest}


def _pieces(item: Event) -> Iterator[tuple[str, Event]]:
    match item["type"]:
        case "reasoning":
            (part,) = item["summary"]
            empty = {"summary_index": 0, "part": {**part, "text": ""}}
            yield "response.reasoning_summary_part.added", empty
            delta = {"summary_index": 0, "delta": part["text"]}
            yield "response.reasoning_summary_text.delta", delta
            yield "response.reasoning_summary_part.done", {"summary_index": 0, "part": part}
        case "message":
            (part,) = item["content"]
            empty = {"content_index": 0, "part": {**part, "text": ""}}
            yield "response.content_part.added", empty
            yield "response.output_text.delta", {"content_index": 0, "delta": part["text"]}
        case _:
            yield "response.function_call_arguments.delta", {"delta": item["arguments"]}
            yield "response.function_call_arguments.done", {"arguments": item["arguments"]}
