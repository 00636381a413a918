"""Complete lines of growing bytes, and the JSON in them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters._reading.jsonl import EDGE, LINE_LIMIT, Giant, complete_lines, decode

REPLACED = "\ufffd"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"a":1}', {"a": 1}),
        (b' {"a":1}\r', {"a": 1}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"a":"\\ud83d"}', {"a": REPLACED}),
        (b'{"\\udc00":"x\\ud83dy\\ude00"}', {REPLACED: f"x{REPLACED}y{REPLACED}"}),
        (b'{"a":"\xff"}', {"a": REPLACED}),
        (b'{"a":"\\u0000"}', {"a": "\0"}),
        ('{"a":"\u2028\u0085\x7f"}'.encode(), {"a": "\u2028\u0085\x7f"}),
        (b'{"a":18446744073709551615}', {"a": 2**64 - 1}),
        (b'{"a":100000000000000000000}', {"a": 1e20}),
        (b'{"a":"\\ud83d","b":100000000000000000000}', {"a": REPLACED, "b": 1e20}),
        (b"", None),
        (b"  ", None),
        (b"{", None),
        (b"null", None),
        (b"[]", None),
        (b'"text"', None),
        (b"{}{}", None),
        (b'{"a":NaN}', None),
        (b'{"a":-Infinity}', None),
        (b'{"a":1e999}', None),
        (b'{"a":' + b"9" * 5000 + b"}", None),
        (b'{"a":"\\ud83d","b":' + b"9" * 1000 + b"}", None),
        (b"[" * 100_000, None),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, None),
        (b'{"a":"\xff","b":' + b"[" * 1200 + b"]" * 1200 + b"}", None),
    ],
)
def test_a_line_is_an_object_or_nothing(line: bytes, expected: dict[str, Any] | None) -> None:
    assert decode(line) == expected


def test_only_a_newline_ends_a_line() -> None:
    data = b"a\rb\x0bc\x85\xe2\x80\xa8d\x00\n\nlast"

    assert list(complete_lines([data], 10)) == [(10, data[:-6]), (10 + len(data) - 5, b"")]


@given(st.binary(max_size=60).map(lambda b: b.replace(b"\x01", b"\n")), st.data())
def test_how_bytes_are_cut_changes_nothing(data: bytes, draw: st.DataObject) -> None:
    ends = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=8)))
    edges = [0, *ends, len(data)]
    chunks = [data[one:other] for one, other in pairwise(edges)]
    expected = data.split(b"\n")[:-1]

    found = list(complete_lines(chunks, 0))

    assert [line for _, line in found] == expected
    assert all(data[at : at + len(line)] == line for at, line in found if isinstance(line, bytes))


def pieces(length: int, size: int) -> Iterator[bytes]:
    yield b"first\n" + b"<"
    for _ in range((length - 2) // size):
        yield b"x" * size
    yield b"x" * ((length - 2) % size) + b">" + b"\nlast\n"


@pytest.mark.parametrize("size", [1 << 20, 999_983, LINE_LIMIT, 3 * LINE_LIMIT])
@pytest.mark.parametrize("length", [LINE_LIMIT + 1, 2 * LINE_LIMIT + 5])
def test_of_a_line_above_the_limit_the_ends_are_held(length: int, size: int) -> None:
    first, (at, giant), last = complete_lines(pieces(length, size), 0)

    assert first == (0, b"first")
    assert at == 6
    assert isinstance(giant, Giant)
    assert giant.length == length
    assert giant.head == b"<" + b"x" * (EDGE - 1)
    assert giant.tail == b"x" * (EDGE - 1) + b">"
    assert last == (7 + length, b"last")


def test_a_line_at_the_limit_is_whole() -> None:
    _, (_, line), _ = complete_lines(pieces(LINE_LIMIT, 1 << 20), 0)

    assert isinstance(line, bytes)
    assert len(line) == LINE_LIMIT


def test_a_giant_without_its_end_is_not_there_yet() -> None:
    chunks = [b"x" * (1 << 20)] * 20

    assert list(complete_lines(chunks, 0)) == []
