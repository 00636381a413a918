"""A Messages API on loopback that answers from a script and remembers what it sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, ClassVar

import orjson

from tests.agents.rig.events import stream
from tests.agents.rig.script import Answer, Lane, Served, Text, answer, cost

_BESIDE = answer(Text('{"title": "A scripted session", "isNewTopic": true}'))
_AFTER = answer(Text("Done."))


class FakeApi:
    """Chooses answers; one for all requests of a server."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.served: list[Served] = []
        self._lanes = lanes
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def answer(self, request: dict[str, Any]) -> tuple[Answer, Served]:
        """Take the next answer of the conversation that `request` continues."""
        said = "\n".join(_said_by_user(request))
        lane = next((one for one in self._lanes if one.marker in said), None)
        if not request.get("tools"):
            lane = None
        with self._lock:
            number = len(self.served)
            chosen = self._next(lane) if lane else _BESIDE
            sent = Served(
                message_id=f"msg_01scripted{number:04d}",
                request_id=f"req_01scripted{number:04d}",
                lane=lane.marker if lane else None,
                tokens=cost(number),
            )
            self.served.append(sent)
        return chosen, sent

    def _next(self, lane: Lane) -> Answer:
        at = self._taken[lane.marker]
        self._taken[lane.marker] += 1
        return lane.answers[at] if at < len(lane.answers) else _AFTER


@contextmanager
def serving(lanes: Sequence[Lane]) -> Iterator[tuple[FakeApi, str]]:
    """Serve a script; yields what remembers the answers, and the address to give a client."""
    api = FakeApi(lanes)

    class Bound(_Handler):
        scripted = api

    with ThreadingHTTPServer(("127.0.0.1", 0), Bound) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield api, f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: ClassVar[FakeApi]

    def do_HEAD(self) -> None:
        """Say that the service is there."""
        self._send(200, b"", "text/plain")

    def do_GET(self) -> None:
        """Know nothing of whatever else a client asks for."""
        self._send(404, b"{}", "application/json")

    def do_POST(self) -> None:
        """Answer a request for a message or for a count of tokens."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path.startswith("/v1/messages/count_tokens"):
            self._send(200, b'{"input_tokens": 1}', "application/json")
        elif self.path.startswith("/v1/messages"):
            self._message(orjson.loads(body))
        else:
            self._send(404, b"{}", "application/json")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Print nothing."""

    def _message(self, request: dict[str, Any]) -> None:
        chosen, sent = self.scripted.answer(request)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("request-id", sent.request_id)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for event in stream(chosen, sent.message_id, request["model"], sent.tokens):
            data = orjson.dumps(event)
            self._chunk(b"event: %s\ndata: %s\n\n" % (event["type"].encode(), data))
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _said_by_user(request: dict[str, Any]) -> Iterator[str]:
    for message in request.get("messages", []):
        if message["role"] != "user":
            continue
        if isinstance(message["content"], str):
            yield message["content"]
        else:
            yield from (one["text"] for one in message["content"] if one["type"] == "text")
