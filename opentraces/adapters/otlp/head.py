"""The line and the headers of a request, read strictly: whatever is odd about them is refused."""

import re
from http import HTTPStatus
from io import BufferedIOBase
from typing import NamedTuple

from opentraces.adapters.otlp.limits import HEAD
from opentraces.adapters.otlp.refusing import Refusal

_LINE = re.compile(rb"([A-Z]+) ([!-~]+) HTTP/(\d)\.(\d)\r?\n")
_ROW = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*\r?\n")
_MOST = 100


class Head(NamedTuple):
    """What a request says before its body."""

    method: str = ""
    """Empty: nothing could be read."""

    path: str = ""
    """As it was sent."""

    is_last: bool = True
    """Whether its client sends no other on this connection."""

    rows: dict[str, list[str]] = {}  # noqa: RUF012 # of a tuple: never changed
    """The values of each header, by its name in small letters."""

    def all(self, name: str) -> list[str]:
        """Return what a header says, as often as it stands there."""
        return self.rows.get(name, [])

    def only(self, name: str) -> str:
        """Return what a header says; empty where it is missing, or stands there twice."""
        found = self.rows.get(name, [])
        return found[0] if len(found) == 1 else ""


def read_head(stream: BufferedIOBase) -> Head:
    """Read a request up to its body. Raises Refusal, TimeoutError, ConnectionError."""
    line = _LINE.fullmatch(_line(stream))
    if line is None:
        raise Refusal(HTTPStatus.BAD_REQUEST, "this is no request of HTTP")
    method, path, major, minor = line.groups()
    if major != b"1":
        raise Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1")
    rows: dict[str, list[str]] = {}
    for _ in range(_MOST):
        row = _line(stream)
        if row in (b"\r\n", b"\n"):
            closes = "close" in ",".join(rows.get("connection", ())).lower()
            return Head(method.decode(), path.decode(), closes or minor == b"0", rows)
        found = _ROW.fullmatch(row)
        if found is None:
            raise Refusal(HTTPStatus.BAD_REQUEST, "a header is none")
        rows.setdefault(found[1].decode().lower(), []).append(found[2].decode("latin-1"))
    raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"more than {_MOST} headers")


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(HEAD)
    if not line.endswith(b"\n"):
        if len(line) == HEAD:
            raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long")
        raise ConnectionError("the client went away")
    return line
