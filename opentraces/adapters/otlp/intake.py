"""What becomes of a body: decoded, then written down before it is answered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from threading import Lock
from time import time_ns

from opentraces.adapters.otlp.admission import JSON, Announced, too_large
from opentraces.adapters.otlp.limits import RECORDS, SMALL, VALUES
from opentraces.domain.errors import BadRequest
from opentraces.domain.telemetry.records import (
    Batch,
    SessionLines,
    Signal,
    TelemetryRecord,
    batch_of,
)

Form = Callable[[Signal, bytearray], Iterable[TelemetryRecord | None]]
"""Yields every record of a body; None for what is none. Raises BadRequest."""

Keep = Callable[[Sequence[SessionLines]], int]
"""Writes lines down; returns how many records found no room. Raises StorageUnavailable."""


class Counters:
    """What came since the start."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.requests = self.records = self.refused = 0
        self._lock = Lock()

    def add(self, requests: int = 0, records: int = 0, refused: int = 0) -> None:
        """Count."""
        with self._lock:
            self.requests += requests
            self.records += records
            self.refused += refused


class Intake:
    """Decodes bodies, large ones one by one, and hands on what they told."""

    def __init__(self, forms: Mapping[str, Form], keep: Keep) -> None:
        """Read each form, by its media type, and let `keep` write down what was told."""
        self._forms = forms
        self._keep = keep
        self._large = Lock()

    def take(self, announced: Announced, body: bytearray) -> tuple[Batch, int]:
        """Return what was told, and how many records of it found no room.

        Raises BadRequest, Refusal, StorageUnavailable.
        """
        if announced.media == JSON and len(body) > VALUES and _values(body) > VALUES:
            raise too_large()
        with self._large if len(body) > SMALL else nullcontext():
            batch = self._decoded(announced, body)
            return batch, self._keep(batch.sessions) if batch.sessions else 0

    def _decoded(self, announced: Announced, body: bytearray) -> Batch:
        try:
            read = self._forms[announced.media](announced.signal, body)
            return batch_of(_few(read), time_ns())
        except RecursionError as error:
            raise BadRequest("the body is nested too deep") from error


def _values(body: bytearray) -> int:
    return sum(map(body.count, (b"{", b"[", b",")))


def _few(read: Iterable[TelemetryRecord | None]) -> Iterator[TelemetryRecord | None]:
    """Yield records. Raises Refusal: there are more than may be."""
    for number, record in enumerate(read):
        if number == RECORDS:
            raise too_large()
        yield record
