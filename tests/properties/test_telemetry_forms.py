"""Whatever is sent: both forms say the same, and nothing but a refusal comes of nonsense."""

from contextlib import suppress
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.otlp import json_form, protobuf_form
from opentraces.domain.errors import BadRequest
from opentraces.domain.telemetry.records import Signal, batch_of
from tests.otlp_requests import as_json, as_protobuf, log, logs

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("resourceLogs", "scopeLogs", "logRecords", "resource", "scope"),
                    *("attributes", "body", "key", "value", "intValue", "arrayValue", "values"),
                    *("timeUnixNano", "bucketCounts", "sum", "dataPoints", "resourceMetrics"),
                    *("scopeMetrics", "metrics", "kvlistValue", "stringValue"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=30,
)


@given(
    st.lists(
        st.builds(
            lambda body, more: log(body, **more),
            VALUES,
            st.dictionaries(TEXT.map(lambda t: f"a{t}"), VALUES, max_size=3),
        ),
        max_size=4,
    )
)
def test_both_forms_say_the_same(told: list[dict[str, Any]]) -> None:
    tree = logs(*told)
    sent = as_protobuf(Signal.LOGS, tree)

    said = batch_of(json_form.records_in(Signal.LOGS, as_json(tree)), 1)

    assert batch_of(protobuf_form.records_in(Signal.LOGS, sent), 1) == said
    assert (said.count, said.malformed) == (len(told), 0)


@given(st.sampled_from(Signal), JSON)
def test_any_json_is_records_or_refused(signal: Signal, tree: Any) -> None:
    body = (
        orjson.dumps(tree, default=str, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
        if _fits(tree)
        else b"1"
    )
    with suppress(BadRequest):
        for told in batch_of(json_form.records_in(signal, body), 1).sessions:
            assert told.lines.endswith(b"\n")
            assert len([orjson.loads(line) for line in told.lines.splitlines()]) == told.count


@given(st.sampled_from(Signal), st.binary(max_size=60))
def test_any_bytes_are_records_or_refused(signal: Signal, body: bytes) -> None:
    for records_in in (json_form.records_in, protobuf_form.records_in):
        with suppress(BadRequest):
            batch_of(records_in(signal, body), 1)


def _fits(tree: Any) -> bool:
    try:
        orjson.dumps(tree)
    except TypeError:
        return False
    return True
