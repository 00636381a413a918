"""The outermost fields of a protobuf message, one by one, with nothing else of it read."""

from collections.abc import Iterator

from opentraces.domain.errors import BadRequest

_VARINT, _EIGHT, _RUN, _FOUR = 0, 1, 2, 5
_LONGEST = 10
"""Bytes of a number."""


def runs_in(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield number and bytes of each field that is a run of bytes: messages, texts, lists.

    Raises BadRequest: it is no such message.
    """
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        kind, end = tag & 7, at
        if kind == _VARINT:
            _, end = _number(message, at)
        elif kind == _RUN:
            size, at = _number(message, at)
            end = at + size
        elif kind in (_EIGHT, _FOUR):
            end = at + (8 if kind == _EIGHT else 4)
        if (end == at and kind != _RUN) or end > len(message):
            raise BadRequest("the body is no protobuf message")
        if kind == _RUN:
            yield tag >> 3, message[at:end]
        at = end


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """Return a number, and where what follows it begins."""
    said = 0
    for place, byte in enumerate(message[at : at + _LONGEST]):
        said |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return said, at + place + 1
    raise BadRequest("the body is no protobuf message")
