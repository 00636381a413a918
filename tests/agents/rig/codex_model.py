"""A Responses API on loopback that answers from a script."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import count
from threading import Lock
from typing import Any, ClassVar

from tests.agents.rig.codex_script import Answer, Failure, Held, Lane, Reply, says
from tests.agents.rig.loopback import listening
from tests.agents.rig.waiting import wait_until

_HELD_S = 30
_OUTPUT_TOKENS = 10
_IDS = {"message": "msg", "reasoning": "rs", "function_call": "fc", "custom_tool_call": "ctc"}


class Model:
    """Chooses what is answered, and remembers which lanes were asked."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.asked: list[str] = []
        """The marker of the lane of each request, in order."""

        self.answered: dict[str, dict[str, Any]] = {}
        """Each request that a response was begun for, by the id of the response."""

        self._own = [lane.marker for lane in lanes if lane.is_own]
        self._lanes = {lane.marker: list(lane.replies) for lane in lanes}
        self._held = {
            lane.marker: [reply for reply in lane.replies if isinstance(reply, Held)]
            for lane in lanes
        }
        self._lock = Lock()

    def reply(self, request: dict[str, Any]) -> Reply:
        """Return the next reply of the lane whose marker was typed last.

        A sub-agent is told its task by another agent, so where nothing was typed all is looked at.
        """
        given = request.get("input", [])
        typed = json.dumps([each for each in given if each.get("role") == "user"])
        own = next((each for each in self._own if each in typed), None)
        marker = own or self._last_in(typed) or self._last_in(json.dumps(given))
        with self._lock:
            self.asked.append(marker or "")
            left = self._lanes.get(marker or "", [])
            return left.pop(0) if left else Answer((says("The script is over."),))

    def wait_for(self, marker: str, times: int) -> None:
        """Return when a lane was asked so often."""
        wait_until(
            lambda: self.asked.count(marker) >= times,
            lambda: f"{marker} is asked {times} times: {self.asked}",
        )

    def release(self, marker: str) -> None:
        """Let every response of a lane that is held go on."""
        for held in self._held[marker]:
            held.released.set()

    def release_all(self) -> None:
        """Let every response that is held go on."""
        for marker in self._held:
            self.release(marker)

    def _last_in(self, text: str) -> str | None:
        places = {text.rfind(marker): marker for marker in self._lanes}
        last = max(places, default=-1)
        return places[last] if last >= 0 else None


@contextmanager
def serving(lanes: Sequence[Lane]) -> Iterator[tuple[Model, str]]:
    """Serve a script; yields the model, and the address to give a client."""
    made = Model(lanes)

    class Bound(_Handler):
        model = made
        numbers = count(1)

    with listening(Bound, made.release_all) as address:
        yield made, address


class _Handler(BaseHTTPRequestHandler):
    model: ClassVar[Model]
    numbers: ClassVar[Iterator[int]]

    def do_GET(self) -> None:
        """Know nothing of whatever else a client asks for."""
        self.send_error(404)

    def do_POST(self) -> None:
        """Answer a request for a response."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if not self.path.endswith("/responses"):
            self.send_error(404)
            return
        request = json.loads(body)
        reply = self.model.reply(request)
        if isinstance(reply, Failure):
            self.send_error(reply.status)
            return
        try:
            self._stream(reply, request)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked was ended meanwhile

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Print nothing."""

    def _stream(self, reply: Answer | Held, request: dict[str, Any]) -> None:
        answer = reply.answer if isinstance(reply, Held) else reply
        number = next(self.numbers)
        self.model.answered[f"resp_{number}"] = request
        items = [_named(dict(item), f"{number}_{at}") for at, item in enumerate(answer.items)]
        response = {"id": f"resp_{number}", "object": "response"}
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self._event("response.created", response=response | {"output": []})
        if isinstance(reply, Held):
            reply.released.wait(_HELD_S)
        for at, item in enumerate(items):
            self._event("response.output_item.done", output_index=at, item=item)
        ended = {"status": "completed", "output": items, "usage": _usage(answer)}
        self._event("response.completed", response=response | ended)

    def _event(self, kind: str, **more: Any) -> None:
        said = json.dumps({"type": kind, **more})
        self.wfile.write(f"event: {kind}\ndata: {said}\n\n".encode())
        self.wfile.flush()


def _named(item: dict[str, Any], number: str) -> dict[str, Any]:
    named = item | {"id": f"{_IDS[item['type']]}_{number}"}
    return named | {"call_id": f"call_{number}"} if "call" in item["type"] else named


def _usage(answer: Answer) -> dict[str, Any]:
    return {
        "input_tokens": answer.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": _OUTPUT_TOKENS,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": answer.input_tokens + _OUTPUT_TOKENS,
    }
