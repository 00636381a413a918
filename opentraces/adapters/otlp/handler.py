"""One connection: its requests, one after the other."""

from contextlib import suppress
from http import HTTPStatus
from io import BufferedReader
from socket import IPPROTO_TCP, SHUT_WR, TCP_NODELAY, socket
from socketserver import BaseRequestHandler
from time import monotonic
from typing import Protocol

from opentraces.adapters.otlp import replies
from opentraces.adapters.otlp.admission import HEALTH, JSON, PROTOBUF, Admission
from opentraces.adapters.otlp.body import Room, inflated, read_body
from opentraces.adapters.otlp.head import Head, read_head
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


class OtlpHandler(BaseRequestHandler):
    """One connection of a client."""

    server: Shared  # type: ignore[assignment]  # the server is made for this handler alone

    def setup(self) -> None:
        """Read in bounded time, and write at once."""
        self._connection: socket = self.request
        self._connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, True)
        self._reader = PatientReader(self._connection)
        self._stream = BufferedReader(self._reader)
        self._head = Head()
        self._is_first = True
        self._is_last = self._has_rest = False

    def finish(self) -> None:
        """Throw away, for a while, what a refused client still sends; then let it go."""
        self._reader.allow(LINGER_S)
        with suppress(OSError):
            if self._has_rest:
                self._connection.shutdown(SHUT_WR)
                until = monotonic() + LINGER_S
                while self._reader.readinto(bytearray(HEAD)) and monotonic() < until:
                    pass
        self._stream.close()

    def handle(self) -> None:
        """Take requests; whatever is wrong with one is its answer."""
        while not self._is_last:
            try:
                self._take_one()
            except Refusal as refusal:
                self._refuse(refusal)
            except TimeoutError:
                self._has_rest = True
                self._refuse(_SLOW)
            except ConnectionError:
                self._is_last = True

    def _take_one(self) -> None:
        self._head = Head()
        if not self._has_begun():
            self._is_last = True
            return
        self._has_rest = True
        self._head = read_head(self._stream)
        self._is_last = self._head.is_last
        self._serve()

    def _has_begun(self) -> bool:
        """Wait for the next request. False: none comes."""
        self._reader.allow(REQUEST_S if self._is_first else IDLE_S)
        try:
            is_there = bool(self._stream.peek(1))
        except TimeoutError:
            if self._is_first:
                raise
            return False
        self._is_first = False
        self._reader.allow(REQUEST_S, HEAD)
        return is_there

    def _serve(self) -> None:
        shared = self.server
        shared.admission.check_place(self._head)
        if (self._head.method, self._head.path) == ("GET", HEALTH):
            self._is_last = True  # a body that it may have is not read
            self._answer(HTTPStatus.OK, JSON, self._health())
            return
        announced = shared.admission.announced(self._head)
        self._reader.allow_any_size()
        if "100-continue" in self._head.only("expect").lower():
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        with shared.room.share() as share:
            body = read_body(self._stream, announced, share)
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
        if self.server.admission.knows(self._head):
            counters = self.server.counters
            said |= {
                "requests": counters.requests,
                "records": counters.records,
                "refused": counters.refused,
            }
        return canonical_bytes(said)

    def _refuse(self, refusal: Refusal) -> None:
        self.server.counters.add(refused=1)
        self._is_last = self._is_last or self._has_rest
        is_protobuf = self._head.only("content-type").startswith(PROTOBUF)
        media = PROTOBUF if is_protobuf else JSON
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
            *((("Connection", "close"),) if self._is_last else ()),
        ]
        head = "".join(f"{name}: {value}\r\n" for name, value in rows)
        self._connection.settimeout(REQUEST_S)
        self._connection.sendall(
            f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("latin-1") + body
        )
