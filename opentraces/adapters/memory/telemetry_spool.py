"""Telemetry that waits, as bytes in a dict."""

from collections.abc import Sequence

from opentraces.domain.errors import SpoolFull
from opentraces.domain.ids import SessionId
from opentraces.domain.telemetry.records import UNKNOWN, SessionLines
from opentraces.ports.telemetry_spool import TelemetrySpool


class MemoryTelemetrySpool(TelemetrySpool):
    """`waiting` is what an EventSpool reads."""

    def __init__(self, most: int, most_unknown: int) -> None:
        """Let `most` bytes wait, and of no session `most_unknown` of them."""
        self.waiting: dict[SessionId, bytes] = {}
        self._most = most
        self._most_unknown = most_unknown

    def add(self, told: Sequence[SessionLines]) -> int:
        """See TelemetrySpool."""
        if self.size() + sum(len(each.lines) for each in told) > self._most:
            raise SpoolFull("no more may wait")
        left_out = 0
        for each in told:
            held = self.waiting.get(each.session, b"") + each.lines
            if each.session == UNKNOWN and len(held) > self._most_unknown:
                left_out += each.count
            else:
                self.waiting[each.session] = held
        return left_out

    def sync(self) -> None:
        """See TelemetrySpool."""

    def size(self) -> int:
        """See TelemetrySpool."""
        return sum(map(len, self.waiting.values()))
