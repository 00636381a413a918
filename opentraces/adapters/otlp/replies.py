"""What a request is answered, in the form it came in."""

from opentraces.adapters.otlp.admission import PROTOBUF
from opentraces.domain.ids import canonical_bytes
from opentraces.domain.telemetry.records import Signal

_REJECTED = {
    Signal.LOGS: "rejectedLogRecords",
    Signal.METRICS: "rejectedDataPoints",
    Signal.TRACES: "rejectedSpans",
}
_STATUS = {400: 3, 401: 16, 403: 7, 404: 5, 413: 8, 429: 8, 503: 14, 507: 8}
"""gRPC's numbers for what HTTP says: the form of an error has one."""

_UNKNOWN = 2


def done(signal: Signal, media: str, left_out: int, why: str) -> bytes:
    """Say that all was taken, but for `left_out` records."""
    if media == PROTOBUF:
        told = _number(1, left_out) + _text(2, why) if left_out else b""
        return _run(1, told) if told else b""
    if not left_out:
        return b"{}"
    partial = {_REJECTED[signal]: str(left_out), "errorMessage": why}
    return canonical_bytes({"partialSuccess": partial})


def refused(status: int, media: str, why: str) -> bytes:
    """Say that nothing was taken."""
    code = _STATUS.get(status, _UNKNOWN)
    if media == PROTOBUF:
        return _number(1, code) + _text(2, why)
    return canonical_bytes({"code": code, "message": why})


def _text(field: int, text: str) -> bytes:
    return _run(field, text.encode("utf-8", "replace"))


def _run(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    said = bytearray()
    while value > 0x7F:
        said.append(value & 0x7F | 0x80)
        value >>= 7
    said.append(value)
    return bytes(said)
