"""What clients send, in either form, becomes the same records."""

from typing import Any

import orjson
import pytest

from opentraces.adapters.otlp import json_form, protobuf_form
from opentraces.domain.errors import BadRequest
from opentraces.domain.telemetry.records import UNKNOWN, Batch, Signal, batch_of
from tests.otlp_requests import SESSION, as_json, as_protobuf, log, logs, pairs_of, value_of

TRACE, SPAN, PARENT = "5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174", "0102030405060708"
SPANS = {
    "resourceSpans": [
        {
            "resource": {"attributes": pairs_of({"service.name": "tests"})},
            "scopeSpans": [
                {
                    "scope": {"name": "s", "version": "2"},
                    "spans": [
                        {
                            "traceId": TRACE,
                            "spanId": SPAN,
                            "parentSpanId": PARENT,
                            "name": "tool",
                            "kind": 1,
                            "startTimeUnixNano": "1795756699025962192",
                            "endTimeUnixNano": "1795756699025962193",
                            "attributes": pairs_of({"session.id": SESSION}),
                            "events": [
                                {
                                    "timeUnixNano": "7",
                                    "name": "tool.output",
                                    "attributes": pairs_of({"content": "x"}),
                                }
                            ],
                            "status": {"code": 1},
                        }
                    ],
                    "schemaUrl": "https://schema",
                }
            ],
        }
    ]
}
POINT = {
    "attributes": pairs_of({"session.id": SESSION, "type": "input"}),
    "startTimeUnixNano": "5",
    "timeUnixNano": "6",
}
METRICS = {
    "resourceMetrics": [
        {
            "resource": {"attributes": pairs_of({"service.name": "tests"})},
            "scopeMetrics": [
                {
                    "scope": {"name": "s"},
                    "metrics": [
                        {
                            "name": "token.usage",
                            "unit": "tokens",
                            "sum": {
                                "aggregationTemporality": 1,
                                "isMonotonic": True,
                                "dataPoints": [
                                    {**POINT, "asInt": "12"},
                                    {**POINT, "asDouble": 0.5},
                                ],
                            },
                        },
                        {
                            "name": "duration",
                            "histogram": {
                                "aggregationTemporality": 1,
                                "dataPoints": [
                                    {
                                        **POINT,
                                        "count": "3",
                                        "sum": 4.5,
                                        "bucketCounts": ["1", "2"],
                                        "explicitBounds": [1.5],
                                    }
                                ],
                            },
                        },
                    ],
                }
            ],
        }
    ]
}


def taken(signal: Signal, tree: Any) -> Batch:
    return batch_of(json_form.records_in(signal, as_json(tree)), 9)


def lines(batch: Batch) -> list[dict[str, Any]]:
    return [orjson.loads(line) for told in batch.sessions for line in told.lines.splitlines()]


def records(signal: Signal, tree: Any) -> list[Any]:
    return [line["record"] for line in lines(taken(signal, tree))]


def test_line_stands_alone() -> None:
    [line] = lines(taken(Signal.LOGS, logs(log("said", n=5))))

    assert line == {
        "opentraces": 1,
        "at": 9,
        "signal": "logs",
        "record": {
            "timeUnixNano": 1795756699025962192,
            "body": "said",
            "attributes": {"session.id": SESSION, "n": 5},
            "resource": {"attributes": {"service.name": "tests"}},
            "scope": {"name": "of.tests"},
        },
    }


def test_every_record_of_a_request_counts_and_goes_to_its_session() -> None:
    batch = taken(Signal.LOGS, logs(log(1), log(2, session="b"), log(3), log(4, session=None)))

    assert {told.session: told.count for told in batch.sessions} == {SESSION: 2, "b": 1, UNKNOWN: 1}
    assert [line["record"]["body"] for line in lines(batch)] == [1, 3, 2, 4]
    assert (batch.count, batch.malformed) == (4, 0)


@pytest.mark.parametrize(
    ("attributes", "resource", "session"),
    [
        ({"session.id": "a"}, {"session.id": "b"}, "a"),
        ({}, {"session.id": "b"}, "b"),
        ({"conversation.id": "c"}, {}, "c"),
        ({"session.id": "../../etc/passwd"}, {}, UNKNOWN),
        ({"session.id": "a/b", "conversation.id": "c"}, {}, "c"),
        ({"session.id": ""}, {}, UNKNOWN),
        ({"session.id": "x" * 65}, {}, UNKNOWN),
        ({"session.id": 7}, {}, UNKNOWN),
        ({"session.id": "a\n"}, {}, UNKNOWN),
        ({"session.id": "é"}, {}, UNKNOWN),
    ],
)
def test_session_is_one_that_can_be_a_file(
    attributes: dict[str, Any], resource: dict[str, Any], session: str
) -> None:
    tree = logs(log(session=None, **attributes), resource=resource)

    assert [told.session for told in taken(Signal.LOGS, tree).sessions] == [session]


def test_span_has_ids_in_hex_and_its_events() -> None:
    [span] = records(Signal.TRACES, SPANS)

    assert (span["traceId"], span["spanId"], span["parentSpanId"]) == (TRACE, SPAN, PARENT)
    assert (span["startTimeUnixNano"], span["endTimeUnixNano"]) == (
        1795756699025962192,
        1795756699025962193,
    )
    assert span["events"] == [
        {"timeUnixNano": 7, "name": "tool.output", "attributes": {"content": "x"}}
    ]
    assert span["scope"] == {"name": "s", "version": "2", "schemaUrl": "https://schema"}


def test_metric_is_a_record_for_each_of_its_points() -> None:
    found = records(Signal.METRICS, METRICS)

    assert [record["name"] for record in found] == ["token.usage", "token.usage", "duration"]
    points = [next(v for v in r.values() if "dataPoints" in v)["dataPoints"] for r in found]
    assert [len(each) for each in points] == [1, 1, 1]
    assert [points[0][0]["asInt"], points[1][0]["asDouble"]] == [12, 0.5]
    assert (points[2][0]["count"], points[2][0]["bucketCounts"]) == (3, [1, 2])
    assert found[0]["sum"]["isMonotonic"] is True
    assert [told.session for told in taken(Signal.METRICS, METRICS).sessions] == [SESSION]


@pytest.mark.parametrize(
    ("signal", "tree"),
    [
        (Signal.LOGS, logs(log({"deep": [1, 2.5, None, {"x": True}]}, n=-5, big=2**62))),
        (Signal.LOGS, {**logs(log())}),
        (Signal.LOGS, {"resourceLogs": []}),
        (Signal.TRACES, SPANS),
        (Signal.METRICS, METRICS),
    ],
)
def test_both_forms_are_the_same(signal: Signal, tree: Any) -> None:
    sent = as_protobuf(signal, tree)

    assert batch_of(protobuf_form.records_in(signal, sent), 9) == taken(signal, tree)


def test_bytes_are_marked_as_such_in_both_forms() -> None:
    record = {**log(), "body": {"bytesValue": "AAH/"}}
    [told] = records(Signal.LOGS, logs(record))
    assert told["body"] == {"bytesValue": "AAH/"}

    sent = as_protobuf(Signal.LOGS, logs({**log(), "body": {"bytesValue": b"\0\1\xff"}}))
    [told] = lines(batch_of(protobuf_form.records_in(Signal.LOGS, sent), 9))
    assert told["record"]["body"] == {"bytesValue": "AAH/"}


@pytest.mark.parametrize(
    "odd",
    [
        {"unheard": {"of": [1]}},
        {"attributes": "none"},
        {"attributes": [{"value": {}}]},
        {"attributes": [1]},
        {"body": {"newValue": 1}},
        {"body": {"arrayValue": 5}},
        {"body": {"arrayValue": {"values": 5}}},
        {"timeUnixNano": "soon"},
        {"timeUnixNano": "9" * 30},
        {},
    ],
)
def test_what_is_of_another_shape_is_kept_as_it_was_sent(odd: dict[str, Any]) -> None:
    tree = {"resourceLogs": [{"scopeLogs": [{"logRecords": [odd]}]}]}

    assert records(Signal.LOGS, tree) == [odd]


def test_what_stands_beside_records_is_folded_in() -> None:
    tree = logs(log())
    tree["resourceLogs"][0]["news"] = {"a": 1}
    tree["resourceLogs"][0]["scopeLogs"][0]["schemaUrl"] = "u"

    [record] = records(Signal.LOGS, tree)

    assert record["resource"]["news"] == {"a": 1}
    assert record["scope"]["schemaUrl"] == "u"


def test_what_is_no_record_is_counted_and_the_others_are_kept() -> None:
    tree = logs(log(1), 5, None, log(2))
    tree["resourceLogs"] += ["x", {"scopeLogs": [None]}]

    batch = taken(Signal.LOGS, tree)

    assert (batch.count, batch.malformed) == (2, 4)


def test_half_a_character_costs_no_record() -> None:
    body = as_json(logs(log("MARK"), log("whole"))).replace(b"MARK", b"cut \\ud83d")

    batch = batch_of(json_form.records_in(Signal.LOGS, body), 9)

    first, second = (line["record"]["body"] for line in lines(batch))
    assert first.startswith("cut \ufffd")
    assert second == "whole"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b'{"resourceSpans": []}', b"\xff", b"NaN", b"{}}", b"[" * 2000],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        batch_of(json_form.records_in(Signal.LOGS, body), 9)


@pytest.mark.parametrize("body", [b"\x0a", b"\x0a\xff\x01", b"\xff" * 20, b"\x0b", b"\x0a\x05ab"])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        batch_of(protobuf_form.records_in(Signal.LOGS, body), 9)


def test_damaged_or_giant_message_is_counted_and_the_others_are_kept() -> None:
    sent = as_protobuf(Signal.LOGS, logs(log("1"), log("x" * 300_000), log("2")))

    batch = batch_of(protobuf_form.records_in(Signal.LOGS, sent), 9)

    assert [line["record"]["body"] for line in lines(batch)] == ["1", "2"]
    assert batch.malformed == 1


def test_infinite_numbers_are_words_in_both_forms() -> None:
    tree = logs({**log(), "body": value_of(float("inf"))})
    [line] = lines(
        batch_of(protobuf_form.records_in(Signal.LOGS, as_protobuf(Signal.LOGS, tree)), 9)
    )

    assert line["record"]["body"] == "Infinity"
