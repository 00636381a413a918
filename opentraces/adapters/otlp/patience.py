"""A connection that is read in bounded time, and a head of bounded size."""

from collections.abc import Callable
from http import HTTPStatus
from io import RawIOBase
from socket import socket
from time import monotonic
from typing import Any

from opentraces.adapters.otlp.refusing import Refusal


class PatientReader(RawIOBase):
    """What a client sends. Raises TimeoutError when it takes longer than it is allowed to."""

    def __init__(self, connection: socket, clock: Callable[[], float] = monotonic) -> None:
        """Read from `connection`; nothing is allowed at first."""
        super().__init__()
        self._connection = connection
        self._clock = clock
        self._until = 0.0
        self._left: int | None = None

    def allow(self, seconds: float, size: int | None = None) -> None:
        """Allow the client so much time from now on, and so many bytes. None: any."""
        self._until = self._clock() + seconds
        self._left = size

    def allow_any_size(self) -> None:
        """Count no more bytes: whoever reads the body does."""
        self._left = None

    def readable(self) -> bool:
        """See RawIOBase."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See RawIOBase. Raises Refusal: more came than is allowed."""
        patience = self._until - self._clock()
        if patience <= 0:
            raise TimeoutError
        self._connection.settimeout(patience)
        size = self._connection.recv_into(buffer)
        if self._left is not None:
            self._left -= size
            if self._left < 0:
                raise Refusal(
                    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long"
                )
        return size
