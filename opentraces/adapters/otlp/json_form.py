"""OTLP's JSON form, read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from opentraces.adapters.otlp.plain_values import plain
from opentraces.adapters.otlp.standing_alone import stand_alone
from opentraces.domain.errors import BadRequest
from opentraces.domain.ids import read_json
from opentraces.domain.telemetry.records import Signal, TelemetryRecord


class _Shape(NamedTuple):
    """Under which keys the levels of a request stand."""

    resources: str
    scopes: str
    records: str


_SHAPES = {
    Signal.LOGS: _Shape("resourceLogs", "scopeLogs", "logRecords"),
    Signal.METRICS: _Shape("resourceMetrics", "scopeMetrics", "metrics"),
    Signal.TRACES: _Shape("resourceSpans", "scopeSpans", "spans"),
}


def records_in(signal: Signal, body: bytes | bytearray) -> Iterator[TelemetryRecord | None]:
    """Yield every record of a body; None for what is none. Raises BadRequest."""
    shape, tree = _SHAPES[signal], _parsed(body)
    if not isinstance(tree, dict) or (tree and shape.resources not in tree):
        raise BadRequest(f"an object with {shape.resources} was expected")
    for above in _objects(tree, shape.resources):
        resource = _folded(above or {}, "resource", shape.scopes)
        for holder in _objects(above, shape.scopes):
            scope = _folded(holder or {}, "scope", shape.records)
            for record in _objects(holder, shape.records):
                if record is None:
                    yield None
                else:
                    yield from stand_alone(signal, plain(record), resource, scope)


def _parsed(body: bytes | bytearray) -> Any:
    """Return what a body says; also one with half a character, where a client cut a text."""
    try:
        return read_json(body)
    except ValueError:
        try:
            return json.loads(body.decode(), parse_constant=str)
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"the body is no JSON: {error}") from error


def _objects(holder: Mapping[str, Any] | None, key: str) -> list[Mapping[str, Any] | None]:
    """Return what a list holds; None for what is no object, and below that, too."""
    found = [None] if holder is None else holder.get(key, [])
    several = found if isinstance(found, list) else [found]
    return [each if isinstance(each, dict) else None for each in several]


def _folded(holder: Mapping[str, Any], key: str, below: str) -> dict[str, Any]:
    """Return a resource or a scope, with what stands beside it but for what is below."""
    said = holder.get(key)
    rest = {name: value for name, value in holder.items() if name not in (key, below) and value}
    folded: dict[str, Any] = plain({**(said if isinstance(said, dict) else {}), **rest})
    return folded
