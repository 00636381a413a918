"""The complete lines of a growing file, and what JSON a line holds."""

from collections.abc import Iterable, Iterator
from typing import Any

from opentraces.domain.ids import read_foreign_json
from opentraces.domain.slotted import frozen_dataclass

LINE_LIMIT = 8 * 1024 * 1024
"""Bytes of a line above which it is never held, nor parsed."""

EDGE = 4096
"""Bytes that are kept of each end of such a line."""


@frozen_dataclass
class Giant:
    """A line above the limit: only its two ends were held."""

    head: bytes
    """Its first bytes."""

    tail: bytes
    """Its last bytes, without the newline."""

    length: int
    """Bytes of the whole line, without the newline."""


def complete_lines(chunks: Iterable[bytes], start: int) -> Iterator[tuple[int, bytes | Giant]]:
    """Yield the lines in `chunks` that end in a newline: where each begins, and it without it.

    `start` is where the first chunk begins. What follows the last newline is dropped: it is not
    there yet. Only the newline byte ends a line.
    """
    held = _Held()
    for chunk in chunks:
        pieces = chunk.split(b"\n")
        rest = pieces.pop()
        for piece in pieces:
            line: bytes | Giant = piece
            length = len(piece)
            if held.length or length > LINE_LIMIT:
                held.add(piece)
                length = held.length
                line = held.take()
            yield start, line
            start += length + 1
        if rest:
            held.add(rest)


class _Held:
    """The beginning of a line whose end has not come."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.length = 0

    def add(self, piece: bytes) -> None:
        """Take the next piece; of a giant only the two ends are kept."""
        self._parts.append(piece)
        self.length += len(piece)
        if self.length > LINE_LIMIT:
            joined = b"".join(self._parts)
            self._parts = [joined[:EDGE], joined[-EDGE:]]

    def take(self) -> bytes | Giant:
        """Return the line, and begin the next one."""
        parts, length = self._parts, self.length
        self._parts, self.length = [], 0
        return Giant(parts[0], parts[1], length) if length > LINE_LIMIT else b"".join(parts)


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object a line holds; None: it holds none.

    Lone surrogates and bytes that are no UTF-8 are replaced by U+FFFD. NaN, Infinity, and nesting
    or numbers that no reader takes make it none.
    """
    try:
        value = read_foreign_json(line)
    except ValueError:
        return None
    return value if type(value) is dict else None


def decode_behind(line: bytes, begin: bytes) -> tuple[bool, int, dict[str, Any] | None]:
    """Return the JSON object a line holds, although one that was cut short may stand before it.

    `begin` is what every whole one begins with. Returns whether something was cut short, where the
    object begins, and it; None: there is none that is whole.
    """
    value = decode(line)
    if value is not None:
        return False, 0, value
    start = line.rfind(begin)
    if start > 0:
        return True, start, decode(line[start:])
    return bool(line.strip()), 0, None
