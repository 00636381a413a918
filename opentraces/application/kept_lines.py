"""Lines of a kept source, one after the other."""

from collections.abc import Iterator

from opentraces.domain.envelope import Envelope
from opentraces.ports.traces import TraceStore

_NEAR = 4 * 1024 * 1024
"""Bytes between two lines that are rather passed over than looked up again."""


class KeptLines:
    """The lines of one source, best asked for from front to back."""

    def __init__(self, traces: TraceStore, envelope: Envelope, source: int) -> None:
        self._traces = traces
        self._envelope = envelope
        self._source = source
        self._pieces: Iterator[bytes] = iter(())
        self._held = b""
        self._start = -1

    def line(self, offset: int, length: int) -> bytes:
        """Return a line; what is not there is missing at its end."""
        if self._start < 0 or not 0 <= offset - self._start <= len(self._held) + _NEAR:
            self._pieces = self._traces.source(self._envelope, self._source, offset)
            self._held, self._start = b"", offset
        parts = [self._held]
        end = self._start + len(self._held)
        while end < offset + length and (piece := next(self._pieces, b"")):
            end += len(piece)
            parts = [*parts, piece] if end - len(piece) > offset else [piece]
        self._held = b"".join(parts)
        self._start = end - len(self._held)
        at = offset - self._start
        line = self._held[at : at + length]
        self._held, self._start = self._held[at:], offset
        return line
