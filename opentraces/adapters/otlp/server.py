"""The server: a thread a connection, and no more of them than there may be."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from socket import socket
from socketserver import TCPServer
from threading import BoundedSemaphore, stack_size
from typing import Any

from opentraces.adapters.otlp.admission import Admission
from opentraces.adapters.otlp.body import Room
from opentraces.adapters.otlp.handler import OtlpHandler
from opentraces.adapters.otlp.intake import Counters, Form, Intake, Keep
from opentraces.adapters.otlp.limits import CONNECTIONS, STACK

LOOPBACK = "127.0.0.1"

_FULL = HTTPStatus.SERVICE_UNAVAILABLE
_TURNED_AWAY = (
    f"HTTP/1.1 {_FULL.value} {_FULL.phrase}\r\n"
    "Retry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
).encode()


class OtlpServer(ThreadingHTTPServer):
    """A receiver of OTLP on loopback."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, token: str, forms: Mapping[str, Form], keep: Keep) -> None:
        """Listen on `port`, 0 for any that is free. Raises OSError: it is taken.

        `token`, `forms` and `keep`: as in Admission and Intake.
        """
        stack_size(STACK)
        self._slots = BoundedSemaphore(CONNECTIONS)
        super().__init__((LOOPBACK, port), OtlpHandler)
        self.admission = Admission(self.port, token)
        self.intake = Intake(forms, keep)
        self.counters = Counters()
        self.room = Room()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind, and look no name of this machine up."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.port

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, or turn it away."""
        if not self._slots.acquire(blocking=False):
            self.counters.add(refused=1)
            self._turn_away(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._slots.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection, and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def _turn_away(self, request: socket) -> None:
        with suppress(OSError):
            request.setblocking(False)
            request.send(_TURNED_AWAY)
        self.shutdown_request(request)
