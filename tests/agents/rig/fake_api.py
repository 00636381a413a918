"""A Messages API on loopback that answers from a script and remembers what it sent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import orjson

from tests.agents.rig.choosing import Chooser
from tests.agents.rig.events import Event, stream, whole
from tests.agents.rig.loopback import listening
from tests.agents.rig.script import Cut, Failure, Held, Lane, Served

_HELD_S = 30


@contextmanager
def serving(lanes: Sequence[Lane]) -> Iterator[tuple[Chooser, str]]:
    """Serve a script; yields what remembers the answers, and the address to give a client."""
    api = Chooser(lanes)

    class Bound(_Handler):
        scripted = api

    with listening(Bound, api.release) as address:
        yield api, address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: ClassVar[Chooser]

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
            try:
                self._message(orjson.loads(body))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked was ended meanwhile
        else:
            self._send(404, b"{}", "application/json")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Print nothing."""

    def _message(self, request: dict[str, Any]) -> None:
        reply, sent = self.scripted.choose(request, dict(self.headers))
        if isinstance(reply, Failure):
            error = {"type": reply.kind, "message": "Scripted."}
            body = {"type": "error", "error": error, "request_id": sent.request_id}
            self._send(reply.status, orjson.dumps(body), "application/json", sent)
            return
        answer = reply.answer if isinstance(reply, Cut | Held) else reply
        if request.get("stream"):
            events = [*stream(answer, sent.message_id, request["model"], sent.tokens)]
            self._stream(events, reply if isinstance(reply, Cut | Held) else None, sent)
        else:
            message = whole(answer, sent.message_id, request["model"], sent.tokens)
            self._send(200, orjson.dumps(message), "application/json", sent)

    def _stream(self, events: Sequence[Event], trouble: Cut | Held | None, sent: Served) -> None:
        """Send events; trouble comes before the last block is closed."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("request-id", sent.request_id)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        last = max(i for i, event in enumerate(events) if event["type"] == "content_block_stop")
        for number, event in enumerate(events):
            if number == last and isinstance(trouble, Held):
                trouble.released.wait(_HELD_S)
            if number == last and isinstance(trouble, Cut):
                self.close_connection = True
                return
            data = orjson.dumps(event)
            self._chunk(b"event: %s\ndata: %s\n\n" % (event["type"].encode(), data))
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _send(
        self, status: int, body: bytes, content_type: str, sent: Served | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        if sent:
            self.send_header("request-id", sent.request_id)
        self.end_headers()
        self.wfile.write(body)
