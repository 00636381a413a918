"""Requests of OTLP as tests make them: one tree of plain values, in either form on the wire."""

from collections.abc import Mapping
from typing import Any

import orjson
from opentelemetry.proto.logs.v1.logs_pb2 import LogsData
from opentelemetry.proto.metrics.v1.metrics_pb2 import MetricsData
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from opentraces.domain.telemetry.records import Signal

MESSAGES: dict[Signal, type[Any]] = {
    Signal.LOGS: LogsData,
    Signal.METRICS: MetricsData,
    Signal.TRACES: TracesData,
}
SESSION = "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04"
_IDS = {"traceId", "spanId", "parentSpanId"}


def value_of(plain: Any) -> dict[str, Any]:
    """Return a value in JSON's form."""
    if plain is None:
        return {}
    if isinstance(plain, bool):
        return {"boolValue": plain}
    if isinstance(plain, int):
        return {"intValue": str(plain)}
    if isinstance(plain, float):
        return {"doubleValue": plain}
    if isinstance(plain, str):
        return {"stringValue": plain}
    if isinstance(plain, list):
        return {"arrayValue": {"values": [value_of(each) for each in plain]}}
    return {"kvlistValue": {"values": pairs_of(plain)}}


def pairs_of(plain: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return attributes in JSON's form."""
    return [{"key": key, "value": value_of(value)} for key, value in plain.items()]


def log(body: Any = "said", session: str | None = SESSION, **attributes: Any) -> dict[str, Any]:
    """Return a log record in JSON's form."""
    named = {} if session is None else {"session.id": session}
    return {
        "timeUnixNano": "1795756699025962192",
        "body": value_of(body),
        "attributes": pairs_of({**named, **attributes}),
    }


def logs(*records: Any, resource: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a request with log records in JSON's form."""
    told = {"attributes": pairs_of(resource or {"service.name": "tests"})}
    scopes = [{"scope": {"name": "of.tests"}, "logRecords": list(records)}]
    return {"resourceLogs": [{"resource": told, "scopeLogs": scopes}]}


def as_json(tree: Any) -> bytes:
    """Return a request as it is sent in JSON's form."""
    return orjson.dumps(tree)


def as_protobuf(signal: Signal, tree: Mapping[str, Any]) -> bytes:
    """Return a request in JSON's form as it is sent in the other."""
    message = MESSAGES[signal]()
    _fill(message, tree)
    sent: bytes = message.SerializeToString()
    return sent


def _fill(message: Any, tree: Mapping[str, Any]) -> None:
    fields = {field.json_name: field for field in message.DESCRIPTOR.fields}
    for key, value in tree.items():
        field = fields[key]
        held = getattr(message, field.name)
        if field.message_type is not None and isinstance(value, list):
            for each in value:
                _fill(held.add(), each)
        elif field.message_type is not None:
            held.SetInParent()
            _fill(held, value)
        elif isinstance(value, list):
            held.extend(_scalar(field, key, each) for each in value)
        else:
            setattr(message, field.name, _scalar(field, key, value))


def _scalar(field: Any, key: str, value: Any) -> Any:
    if key in _IDS:
        return bytes.fromhex(value)
    is_number = field.cpp_type in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64)
    return int(value) if is_number else value
