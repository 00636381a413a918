"""A run of steps, inflated no further than to the step that is wanted.

Within a run the numbers of steps never fall: behind a higher one no line is of that step. Of a run
that is read for one step, half is never inflated.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any

from opentraces.adapters.filesystem.members import GZIP, refuse_size
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import read_json

_AT_ONCE = 4096
_KEY = b'"step":{"step_index":'
_NUMBER = re.compile(rb"([0-9]+)[,}]")


class StepRun:
    """The stored bytes of a run, whose digest was compared, and as much as was read of them."""

    def __init__(self, stored: bytes, plain: int, name: str) -> None:
        """`plain`: how many bytes it holds, as the envelope says. Raises Corrupt."""
        refuse_size(plain, name)
        self._reader = zlib.decompressobj(GZIP)
        self._stored = stored
        self._size = plain
        self._name = name
        self._plain = bytearray()
        self._is_whole = False

    @classmethod
    def of_plain(cls, plain: bytes, name: str) -> "StepRun":
        """Make one of which all was inflated already."""
        run = cls(b"", len(plain), name)
        run._plain += plain
        run._is_whole = True
        return run

    def last(self, step: int) -> Any | None:
        """Return the last line of a step's number. None: none is. Raises Corrupt."""
        while not self._is_behind(step) and self._inflate():
            pass
        found = self._line_of(step)
        while found is None and self._inflate():  # they may have been written in another order
            found = self._line_of(step)
        return found

    def _is_behind(self, step: int) -> bool:
        """Whether a line of a higher number was seen."""
        key = self._plain.find(_KEY, self._plain.rfind(b"\n") + 1)
        number = _NUMBER.match(self._plain, key + len(_KEY)) if key >= 0 else None
        return number is not None and int(number[1]) > step

    def _inflate(self) -> bool:
        """Go on; returns whether there was more. Raises Corrupt."""
        if self._is_whole:
            return False
        try:
            new = self._reader.decompress(self._stored, _AT_ONCE)
        except zlib.error as error:
            raise Corrupt(f"{self._name} cannot be decompressed: {error}") from error
        self._stored = self._reader.unconsumed_tail
        self._plain += new
        self._is_whole = self._reader.eof
        length = len(self._plain)
        is_as_said = length == self._size if self._is_whole else new and length <= self._size
        if not is_as_said or self._reader.unused_data:
            raise Corrupt(f"{self._name} holds more or less than its envelope says")
        return True

    def _line_of(self, step: int) -> Any | None:
        """Return the last of the whole lines of a step's number that were seen.

        They are looked for forwards: Python is slower backwards.
        """
        end = len(self._plain) if self._is_whole else self._plain.rfind(b"\n") + 1
        for key in (b"%b%d," % (_KEY, step), b'"step_index":%d' % step):
            for at in reversed(list(self._places(key, end))):
                begin, after = self._plain.rfind(b"\n", 0, at) + 1, self._plain.find(b"\n", at)
                line = self._plain[begin : after if after >= 0 else len(self._plain)]
                kept = read_json(line)["step"]
                if kept["step_index"] == step:
                    return kept
        return None

    def _places(self, key: bytes, end: int) -> Iterator[int]:
        at = self._plain.find(key, 0, end)
        while at >= 0:
            yield at
            at = self._plain.find(key, at + len(key), end)
