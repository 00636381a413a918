"""One connection: its requests, one after the other."""

from contextlib import suppress
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedReader
from socket import IPPROTO_TCP, SHUT_WR, TCP_NODELAY
from time import monotonic
from typing import Protocol

from opentraces.adapters.otlp import replies
from opentraces.adapters.otlp.admission import HEALTH, JSON, PROTOBUF, Admission
from opentraces.adapters.otlp.body import Room, inflated, read_body
from opentraces.adapters.otlp.intake import Counters, Intake
from opentraces.adapters.otlp.limits import HEAD, IDLE_S, LINGER_S, REQUEST_S
from opentraces.adapters.otlp.patience import PatientReader
from opentraces.adapters.otlp.refusing import Refusal
from opentraces.domain.errors import BadRequest, Busy, Exhausted, StorageUnavailable
from opentraces.domain.ids import canonical_bytes

_SLOW = Refusal(HTTPStatus.REQUEST_TIMEOUT, f"the request took longer than {REQUEST_S:.0f} s")
_LEFT_OUT = "no records, too large, or of no session and without room"


class Shared(Protocol):
    """What the connections of a server share."""

    admission: Admission
    """Who is let in."""

    intake: Intake
    """Where bodies go."""

    counters: Counters
    """What came."""

    room: Room
    """For bodies."""


class OtlpHandler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    server: Shared  # type: ignore[assignment]  # the server is made for this handler alone

    def setup(self) -> None:
        """Read in bounded time, and write at once."""
        self.connection = self.request
        self.connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, True)
        self._reader = PatientReader(self.connection)
        self.rfile = self._buffered = BufferedReader(self._reader)
        self._is_first = True
        self._has_rest = False

    def finish(self) -> None:
        """Throw away, for a while, what a refused client still sends; then let it go."""
        self._reader.allow(LINGER_S)
        with suppress(OSError):
            if self._has_rest:
                self.connection.shutdown(SHUT_WR)
                until = monotonic() + LINGER_S
                while self._reader.readinto(bytearray(HEAD)) and monotonic() < until:
                    pass
        self.rfile.close()

    def handle_one_request(self) -> None:
        """Take one request; whatever is wrong with it is its answer."""
        self.close_connection = True
        self.headers = Message()
        try:
            if self._has_begun():
                self._has_rest = True
                self.raw_requestline = self.rfile.readline(HEAD)
                if self.parse_request():
                    self._serve()
        except Refusal as refusal:
            self._refuse(refusal)
        except TimeoutError:
            self._has_rest = True
            self._refuse(_SLOW)
        except ConnectionError:
            self.close_connection = True

    def _has_begun(self) -> bool:
        """Wait for the next request. False: none comes."""
        self._reader.allow(REQUEST_S if self._is_first else IDLE_S)
        try:
            is_there = bool(self._buffered.peek(1))
        except TimeoutError:
            if self._is_first:
                raise
            return False
        self._is_first = False
        self._reader.allow(REQUEST_S, HEAD)
        return is_there

    def _serve(self) -> None:
        shared = self.server
        shared.admission.check_place(self.headers)
        if (self.command, self.path) == ("GET", HEALTH):
            self.close_connection = True  # a body that it may have is not read
            self._answer(HTTPStatus.OK, JSON, self._health())
            return
        announced = shared.admission.announced(self.command, self.path, self.headers)
        self._reader.allow_any_size()
        if "100-continue" in str(self.headers.get("Expect", "")).lower():
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        with shared.room.share() as share:
            body = read_body(self.rfile, announced, share)
            self._has_rest = False
            body = inflated(body, share) if announced.is_gzip else body
            try:
                batch, without_room = shared.intake.take(announced, body)
            except BadRequest as error:
                raise Refusal(HTTPStatus.BAD_REQUEST, str(error)) from error
            except (Busy, Exhausted) as error:
                raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
            except StorageUnavailable as error:
                raise Refusal(HTTPStatus.INSUFFICIENT_STORAGE, str(error)) from error
        left_out = batch.malformed + without_room
        shared.counters.add(requests=1, records=batch.count - without_room)
        reply = replies.done(announced.signal, announced.media, left_out, _LEFT_OUT)
        self._answer(HTTPStatus.OK, announced.media, reply)

    def _health(self) -> bytes:
        """Say that we are here; what came, only to who has the token."""
        said: dict[str, object] = {"status": "ok"}
        if self.server.admission.knows(self.headers):
            counters = self.server.counters
            said |= {
                "requests": counters.requests,
                "records": counters.records,
                "refused": counters.refused,
            }
        return canonical_bytes(said)

    def _refuse(self, refusal: Refusal) -> None:
        self.server.counters.add(refused=1)
        self.close_connection = self.close_connection or self._has_rest
        said = str(self.headers.get("Content-Type", ""))
        media = PROTOBUF if said.startswith(PROTOBUF) else JSON
        body = replies.refused(refusal.status, media, refusal.reason)
        with suppress(OSError):
            self._answer(refusal.status, media, body, refusal.headers)

    def _answer(
        self,
        status: HTTPStatus,
        media: str,
        body: bytes,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Send all of an answer at once."""
        rows = [
            ("Content-Type", media),
            ("Content-Length", str(len(body))),
            *headers,
            *((("Connection", "close"),) if self.close_connection else ()),
        ]
        head = "".join(f"{name}: {value}\r\n" for name, value in rows)
        self.connection.settimeout(REQUEST_S)
        self.connection.sendall(
            f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("latin-1") + body
        )

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what the standard library could not read."""
        raise Refusal(HTTPStatus(code), message or explain or "")

    def handle_expect_100(self) -> bool:
        """Say nothing yet: who may not send a body is not told to."""
        return True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # its name there
        """Say nothing: a request may hold anything."""
