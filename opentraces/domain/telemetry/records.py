"""Records of telemetry as they are kept: a line each, which stands alone."""

from collections.abc import Iterable
from enum import StrEnum

from opentraces.domain.ids import SessionId
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass

UNKNOWN = SessionId("unknown")
"""Stands for the session of records that name none."""

_NAMED_BY = ("session.id", "conversation.id")
"""The attributes that name a session: Claude Code's, and Codex's."""

_PLAIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")
_LONGEST = 64


class Signal(StrEnum):
    """The kinds of telemetry; the value is the last part of the path it is posted to."""

    LOGS = "logs"
    METRICS = "metrics"
    TRACES = "traces"


@frozen_dataclass
class TelemetryRecord:
    """One log record, data point or span, with the resource and the scope it came under."""

    signal: Signal
    """What kind it is."""

    session: SessionId
    """Whose; UNKNOWN where it names none."""

    said: bytes
    """It as JSON text on one line: attributes as plain objects, ids in hex, integers as such."""

    def add_to(self, lines: bytearray, at_ns: int) -> None:
        """Add the line that is kept of it; `at_ns`: when it came, since the epoch."""
        lines += b'{"opentraces":1,"at":%d,"signal":"%b","record":' % (at_ns, self.signal.encode())
        lines += self.said
        lines += b"}\n"


@mutable_dataclass
class SessionLines:
    """What one request told of one session."""

    session: SessionId
    """Whose; UNKNOWN where it names none."""

    lines: bytearray
    """Its records, a line each, in the order they came."""

    count: int = 0
    """How many they are."""


@frozen_dataclass
class Batch:
    """What one request told."""

    sessions: tuple[SessionLines, ...]
    """All that could be read, by session."""

    malformed: int = 0
    """How many more there were that are no records."""

    @property
    def count(self) -> int:
        """How many records could be read."""
        return sum(each.count for each in self.sessions)


def batch_of(records: Iterable[TelemetryRecord | None], at_ns: int) -> Batch:
    """Gather records as they come, so that none is held beside its line; None: it is none."""
    sessions: dict[SessionId, SessionLines] = {}
    malformed = 0
    for record in records:
        if record is None:
            malformed += 1
            continue
        found = sessions.get(record.session)
        if found is None:
            found = sessions[record.session] = SessionLines(record.session, bytearray())
        record.add_to(found.lines, at_ns)
        found.count += 1
    return Batch(tuple(sessions.values()), malformed)


def session_of(attributes: Iterable[object]) -> SessionId:
    """Return which session is named by some attributes, the nearest to the record first.

    A name that could not be a file's is none.
    """
    maps = [each for each in attributes if isinstance(each, dict)]
    for key in _NAMED_BY:
        for each in maps:
            name = each.get(key)
            if isinstance(name, str) and 0 < len(name) <= _LONGEST and _PLAIN.issuperset(name):
                return SessionId(name)
    return UNKNOWN
