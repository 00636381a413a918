"""One record with what stood above it, as text that stands alone."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from opentraces.domain.ids import canonical_bytes
from opentraces.domain.telemetry.records import Signal, TelemetryRecord, session_of

_POINTS = "dataPoints"


def stand_alone(
    signal: Signal, record: Mapping[str, Any], resource: Mapping[str, Any], scope: Mapping[str, Any]
) -> Iterator[TelemetryRecord]:
    """Yield a log record or a span, or a metric once for each of its points; values are plain."""
    beside = {key: each for key, each in (("resource", resource), ("scope", scope)) if each}
    above = resource.get("attributes")
    if signal is not Signal.METRICS:
        session = session_of((record.get("attributes"), above))
        yield TelemetryRecord(signal, session, _text({**record, **beside}))
        return
    for metric, point in _points(record):
        session = session_of((point.get("attributes"), above))
        yield TelemetryRecord(signal, session, _text({**metric, **beside}))


def _points(metric: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield a metric with one of its points, and that; as it is, where it has none."""
    for kind, data in metric.items():
        points = data.get(_POINTS) if isinstance(data, dict) else None
        if isinstance(points, list) and points:
            for point in points:
                own = point if isinstance(point, dict) else {}
                yield {**metric, kind: {**data, _POINTS: [point]}}, own
            return
    yield metric, {}


def _text(record: Mapping[str, Any]) -> bytes:
    """Return a record as JSON; of half a character, where a client cut a text, a mark is left."""
    try:
        return canonical_bytes(record)
    except (TypeError, ValueError):
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
