"""Which requests are let in, told by their line and headers alone: before a body is read.

Any page that a browser shows may post to a port of this machine, by a name of its own even, and so
may any user of it. The first are told by `Host` and `Origin`, the others lack the token.
"""

from hmac import compare_digest
from http import HTTPStatus
from typing import NamedTuple

from opentraces.adapters.otlp.head import Head
from opentraces.adapters.otlp.limits import BODY, RECORDS
from opentraces.adapters.otlp.refusing import Refusal
from opentraces.domain.telemetry.records import Signal

HEALTH = "/health"
JSON = "application/json"
PROTOBUF = "application/x-protobuf"
_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_PREFIX = "/v1/"
_SIGNALS = {f"{_PREFIX}{signal}": signal for signal in Signal}
_LONGEST_NUMBER = 18


class Announced(NamedTuple):
    """What a request says of its body."""

    signal: Signal
    """What is in it."""

    media: str
    """JSON or PROTOBUF."""

    is_gzip: bool
    """Whether it is deflated."""

    length: int | None
    """Its bytes as they are sent. None: it comes in chunks, and says where it ends."""


class Admission:
    """Who is let in."""

    def __init__(self, port: int, token: str) -> None:
        """Let in whoever names this machine and `port`, and has the token."""
        self._hosts = frozenset(f"{host}:{port}" for host in _HOSTS)
        self._token = token.encode()

    def check_place(self, head: Head) -> None:
        """Raise Refusal where a browser may have sent it for somebody else's page."""
        if head.only("host").lower() not in self._hosts:
            raise Refusal(HTTPStatus.FORBIDDEN, "Host has to name this machine and this port")
        if head.all("origin"):
            raise Refusal(HTTPStatus.FORBIDDEN, "a request of a page is not taken")

    def knows(self, head: Head) -> bool:
        """Whether a request has the token."""
        kind, _, said = head.only("authorization").partition(" ")
        given = said.strip().encode("utf-8", "replace")
        return compare_digest(given, self._token) and kind.lower() == "bearer"

    def announced(self, head: Head) -> Announced:
        """Return what is about to be sent. Raises Refusal where that is not taken."""
        signal = _SIGNALS.get(head.path)
        if signal is None and head.path != HEALTH:
            raise Refusal(HTTPStatus.NOT_FOUND, "there is /v1/logs, /v1/metrics and /v1/traces")
        if signal is None or head.method != "POST":
            allowed = "GET" if signal is None else "POST"
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"only {allowed}", (("Allow", allowed),))
        if not self.knows(head):
            why = "the token that `opentraces setup capture-otlp` wrote down is missing or another"
            raise Refusal(HTTPStatus.UNAUTHORIZED, why, (("WWW-Authenticate", "Bearer"),))
        return Announced(signal, media_of(head), _is_gzip(head), _length(head))


def media_of(head: Head) -> str:
    """Return the form of a body. Raises Refusal: it is none of OTLP's."""
    media = head.only("content-type").partition(";")[0].strip().lower()
    if media in (JSON, PROTOBUF):
        return media
    why = f"Content-Type has to be {JSON} or {PROTOBUF}"
    raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why)


def _is_gzip(head: Head) -> bool:
    coding = ",".join(head.all("content-encoding")).lower()
    if coding not in ("", "identity", "gzip"):
        why = "Content-Encoding has to be gzip, or none"
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, (("Accept-Encoding", "gzip"),))
    return coding == "gzip"


def _length(head: Head) -> int | None:
    """Return how long a body is. None: it comes in chunks. Two ways to tell are one too many."""
    lengths = head.all("content-length")
    transfer = ",".join(head.all("transfer-encoding")).lower()
    if transfer not in ("", "chunked"):
        raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "Transfer-Encoding has to be chunked, or none")
    if not (transfer or lengths):
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "Content-Length is missing")
    if (transfer and lengths) or len(lengths) > 1:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the length of the body is told twice")
    if transfer:
        return None
    said = lengths[0]
    if not (said.isascii() and said.isdigit()):
        raise Refusal(HTTPStatus.BAD_REQUEST, "Content-Length is no number")
    if len(said) > _LONGEST_NUMBER or int(said) > BODY:
        raise too_large()
    return int(said)


def too_large() -> Refusal:
    """Return what is said of a body that is larger than any may be."""
    why = f"a body may have {BODY:,} bytes, and {RECORDS:,} records"
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why)
