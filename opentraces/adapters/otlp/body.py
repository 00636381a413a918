"""A request's body, read and inflated, and never more of it held than may be."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BufferedIOBase
from threading import Lock
from typing import Any

from opentraces.adapters.otlp.admission import Announced, too_large
from opentraces.adapters.otlp.limits import BODY, HEAD, IN_FLIGHT
from opentraces.adapters.otlp.refusing import Refusal

_GZIP = 31
"""What tells zlib to expect gzip's header."""

_LINE = 1024
"""Bytes of the line before a chunk, and of one behind the last."""

_TRAILERS = 32


class Room:
    """How many bytes of bodies are held by all requests together."""

    def __init__(self, most: int = IN_FLIGHT) -> None:
        """Begin with `most` free bytes."""
        self._free = most
        self._lock = Lock()

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """Let one request take room, and give all of it back at the end."""
        share = Share(self)
        try:
            yield share
        finally:
            self.take(-share.taken)

    def take(self, size: int) -> None:
        """Take room. Raises Refusal: there is not as much."""
        with self._lock:
            if size > self._free:
                raise Refusal(
                    HTTPStatus.SERVICE_UNAVAILABLE, "too much at once", (("Retry-After", "1"),)
                )
            self._free -= size


class Share:
    """What one request has of the room."""

    def __init__(self, room: Room) -> None:
        """Begin with nothing."""
        self.taken = 0
        self._room = room

    def take(self, size: int) -> None:
        """Take more. Raises Refusal: there is not as much."""
        self._room.take(size)
        self.taken += size


def read_body(stream: BufferedIOBase, announced: Announced, share: Share) -> bytearray:
    """Return a body as it was sent.

    Raises Refusal, ConnectionError where the client is gone before its end, TimeoutError.
    """
    size = announced.length
    pieces = _chunks(stream) if size is None else _pieces(stream, size)
    body = bytearray()
    for piece in pieces:
        if len(body) + len(piece) > BODY:
            raise too_large()
        share.take(len(piece))
        body += piece
    return body


def _pieces(stream: BufferedIOBase, length: int) -> Iterator[bytes]:
    while length:
        piece = stream.read(min(length, HEAD))
        if not piece:
            raise ConnectionError("the client went away")
        length -= len(piece)
        yield piece


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while size := _chunk_size(_line(stream)):
        if size > BODY:
            raise too_large()
        yield from _pieces(stream, size)
        if _line(stream):
            raise Refusal(HTTPStatus.BAD_REQUEST, "a chunk is longer than it says")
    for _ in range(_TRAILERS):
        if not _line(stream):
            return
    raise Refusal(HTTPStatus.BAD_REQUEST, "too much behind the last chunk")


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or digits.strip(b"0123456789abcdefABCDEF"):
        raise Refusal(HTTPStatus.BAD_REQUEST, "a chunk does not say its size")
    return int(digits, 16)


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(_LINE)
    if not line:
        raise ConnectionError("the client went away")
    if not line.endswith(b"\n"):
        raise Refusal(HTTPStatus.BAD_REQUEST, "a line of a chunk is too long")
    return line.rstrip(b"\r\n")


def _behind(member: Any) -> bytes:
    """Return what of its input an inflated member has not taken."""
    rest: bytes = member.unused_data if member.eof else member.unconsumed_tail
    return rest


def inflated(body: bytearray, share: Share) -> bytearray:
    """Return what gzip holds, however many members it has. Raises Refusal."""
    plain = bytearray()
    rest: bytes | bytearray = body
    while rest:
        member = zlib.decompressobj(_GZIP)
        try:
            while rest and not member.eof:
                piece = member.decompress(rest, HEAD)
                rest = _behind(member)
                if len(plain) + len(piece) > BODY:
                    raise too_large()
                share.take(len(piece))
                plain += piece
        except zlib.error as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, f"the body is no gzip: {error}") from error
        if not member.eof:
            raise Refusal(HTTPStatus.BAD_REQUEST, "the gzip of the body is cut short")
    return plain
