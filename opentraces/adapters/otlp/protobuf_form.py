"""OTLP's protobuf form, read; only this module imports the library, and only it is imported late.

Every field gets the name that JSON's form has for it; one at its default is left out. Records are
read one by one: read at once, a body may take a hundred times its size.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from google.protobuf.message import (  # type: ignore[import-untyped]  # it ships no types
    DecodeError,
    Message,
)
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from opentraces.adapters.otlp.admission import too_large
from opentraces.adapters.otlp.limits import MESSAGE, RECORDS
from opentraces.adapters.otlp.standing_alone import stand_alone
from opentraces.adapters.otlp.wire import runs_in
from opentraces.domain.telemetry.records import Signal, TelemetryRecord

_RECORDS: dict[Signal, type[Message]] = {
    Signal.LOGS: LogRecord,
    Signal.METRICS: Metric,
    Signal.TRACES: Span,
}
_ABOVE, _BELOW, _SCHEMA = 1, 2, 3
"""The fields of each level: in the outermost the list of resources is the first."""

_VALUE, _PAIR = "AnyValue", "KeyValue"


def records_in(signal: Signal, body: bytes | bytearray) -> Iterator[TelemetryRecord | None]:
    """Yield every record of a body; None for what is none, or a giant.

    Raises BadRequest, Refusal: there are more than may be.
    """
    kind, left = _RECORDS[signal], iter(range(RECORDS))
    for above in _runs(memoryview(body), _ABOVE, left):
        resource = _folded(above, Resource)
        for holder in _runs(above, _BELOW, left):
            scope = _folded(holder, InstrumentationScope)
            for run in _runs(holder, _BELOW, left):
                record = _read(kind, run)
                if record is None:
                    yield None
                else:
                    yield from stand_alone(signal, record, resource, scope)


def _runs(message: memoryview, number: int, left: Iterator[int]) -> Iterator[memoryview]:
    for field, run in runs_in(message):
        if next(left, None) is None:
            raise too_large()
        if field == number:
            yield run


def _read(kind: type[Message], run: memoryview) -> Any:
    """Return one message, its values plain. None: it is none, or a giant."""
    try:
        return _plain(kind.FromString(bytes(run))) if len(run) <= MESSAGE else None
    except DecodeError:
        return None


def _folded(holder: memoryview, kind: type[Message]) -> dict[str, Any]:
    """Return a resource or a scope, with the schema that stands beside it."""
    folded: dict[str, Any] = {}
    for number, run in runs_in(holder):
        if number == _ABOVE:
            folded.update(_read(kind, run) or {})
        elif number == _SCHEMA:
            folded["schemaUrl"] = bytes(run).decode("utf-8", "replace")
    return folded


def _plain(message: Message) -> Any:
    if message.DESCRIPTOR.name == _VALUE:
        return _any_value(message)
    return {field.json_name: _field(value) for field, value in message.ListFields()}


def _field(value: Any) -> Any:
    if isinstance(value, Message):
        return _plain(value)
    if isinstance(value, str | bytes | int | float):
        return _scalar(value)
    if isinstance(value[0], Message) and value[0].DESCRIPTOR.name == _PAIR:
        return _pairs(value)
    return [_field(each) for each in value]


def _pairs(pairs: Iterable[Any]) -> dict[str, Any]:
    return {pair.key: _any_value(pair.value) for pair in pairs}


def _any_value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    said = getattr(value, kind)
    if kind == "array_value":
        return [_any_value(each) for each in said.values]
    if kind == "kvlist_value":
        return _pairs(said.values)
    if kind == "bytes_value":
        return {"bytesValue": b64encode(said).decode()}
    return _scalar(said)


def _scalar(value: str | bytes | float) -> Any:
    """Return a scalar as JSON can hold it; bytes are ids."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not isfinite(value):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    return value
