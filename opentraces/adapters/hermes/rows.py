"""The rows of a file of trajectories, one a line."""

import re
from collections.abc import Callable, Iterable, Iterator

from opentraces.adapters._reading.jsonl import Giant, complete_lines, decode
from opentraces.adapters._reading.regular_files import PIECE
from opentraces.adapters.hermes.naming import PLAIN, ROWS
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import blob_id
from opentraces.domain.slotted import frozen_dataclass

Open = Callable[[str, int], Iterator[bytes]]
"""Yields the lines of a file, inflated where it is compressed, from an offset on."""

_LOOKED_AT = 16
_ALIKE = re.compile(rb'"conversations"\s*:\s*\[')


@frozen_dataclass
class Row:
    """One line that is not blank."""

    number: int
    """Which line of the file it is, from 1."""

    offset: int
    """Where it begins in the lines of the file."""

    line: bytes | Giant
    """The line without its newline; of one that is too long, its two ends."""

    is_cut: bool
    """Whether the file ends within it."""

    @property
    def size(self) -> int:
        """Bytes, the newline included."""
        return (self.line.length if isinstance(self.line, Giant) else len(self.line)) + 1

    @property
    def digest(self) -> str:
        """32 hex digits: equal for equal rows, wherever they stand."""
        line = self.line
        if isinstance(line, Giant):
            line = b"%b%b%d" % (line.head, line.tail, line.length)
        return blob_id(line)[:32]

    @property
    def name(self) -> str:
        """Where a restore puts it."""
        return f"{ROWS}/{self.digest}{PLAIN}"


def rows_of(pieces: Iterable[bytes]) -> Iterator[Row]:
    """Yield the rows of a file. Raises what `pieces` raises, after the rows before it.

    A last line without a newline is a row if it is whole.
    """
    end = _End(pieces)
    for number, (offset, line) in enumerate(complete_lines(end, 0), 1):
        if isinstance(line, bytes) and not line.strip():
            continue
        is_last = end.is_reached and offset + _length(line) >= end.length
        yield Row(number, offset, line, is_last and not _is_whole(line))


def is_trajectories(rows: Iterable[Row]) -> bool:
    """Whether a file holds what Hermes wrote: one of its first rows is a run of it."""
    for _, row in zip(range(_LOOKED_AT), _until_unreadable(rows), strict=False):
        line = row.line
        if isinstance(line, Giant):
            if _ALIKE.search(line.head) and b'"completed"' in line.tail + line.head:
                return True
        elif _ALIKE.search(line) and is_run(decode(line)):
            return True
    return False


def is_run(value: dict[str, object] | None) -> bool:
    """Whether a JSON object is what Hermes writes of one run."""
    if value is None or type(value.get("conversations")) is not list:
        return False
    return "completed" in value and ("prompt_index" in value or "timestamp" in value)


class RowReader:
    """Gives rows by their number; those that are asked for in order are passed over only once."""

    def __init__(self, open_lines: Open) -> None:
        self._open = open_lines
        self._path = ""
        self._rows: Iterator[Row] = iter(())
        self._next = 0

    def read(self, path: str, number: int | None, name: str) -> Iterator[bytes]:
        """Yield the line of a row, newline included, in pieces; the first row has no number here.

        Raises:
            SourceGone: the row of this name stands there no more.
            SourceUnreadable: the file is damaged before its end, or ends within it.
        """
        row = self._found(path, number)
        if row is not None and row.is_cut:
            raise SourceUnreadable(f"{path}: its last line, {row.number}, is cut short")
        if row is None or row.name != name:
            raise SourceGone(f"{path}: another row stands there now")
        if isinstance(row.line, Giant):
            yield from _first(self._open(path, row.offset), row.size - 1)
        else:
            yield from (row.line[at : at + PIECE] for at in range(0, len(row.line), PIECE))
        yield b"\n"

    def _found(self, path: str, number: int | None) -> Row | None:
        if path != self._path or number is None or number < self._next:
            self._path, self._next = path, 0
            self._rows = rows_of(self._open(path, 0))
        try:
            for row in self._rows:
                self._next = row.number + 1
                if number is None or row.number >= number:
                    return row if number in (None, row.number) else None
        except SourceUnreadable:
            self._path = ""
            raise
        self._path = ""
        return None


class _End:
    """Pieces of a file and a newline, so that its last line is given, too."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.length = 0
        self.is_reached = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.length += len(piece)
            yield piece
        self.is_reached = True
        yield b"\n"


def _length(line: bytes | Giant) -> int:
    return line.length if isinstance(line, Giant) else len(line)


def _is_whole(line: bytes | Giant) -> bool:
    if isinstance(line, Giant):
        return line.tail.rstrip().endswith(b"}")
    return decode(line) is not None


def _until_unreadable(rows: Iterable[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except SourceUnreadable:
        return


def _first(pieces: Iterable[bytes], length: int) -> Iterator[bytes]:
    for piece in pieces:
        if length <= 0:
            return
        yield piece[:length]
        length -= len(piece)
