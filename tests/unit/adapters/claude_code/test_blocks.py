"""Content blocks as text."""

from typing import Any

import pytest

from opentraces.adapters.claude_code.blocks import base64_size, shown, tool_input

PNG = "iVBORw0KGgoAAAANSUhEUg=="  # 16 bytes
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
BASE64 = "QUJD" * 1000


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, None),
        ("", ""),
        ("plain", "plain"),
        ([], None),
        (7, None),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "a\nb"),
        ([{"type": "text", "text": ""}], None),
        ([{"type": "text"}], None),
        (["a", {"type": "text", "text": "b"}, 7, None], "a\nb"),
        ([IMAGE], "[image image/png, 16 bytes]"),
        ([{"type": "text", "text": "see"}, IMAGE], "see\n[image image/png, 16 bytes]"),
        ([{"type": "document", "source": {"type": "url", "url": "https://x"}}], "[document]"),
        ([{"type": "image", "source": {"type": "base64", "data": PNG}}], "[image, 16 bytes]"),
        ([{"type": "image", "source": 7}], "[image]"),
        ([{"type": "tool_reference", "tool_name": "Grep"}], "[tool Grep]"),
        ([{"type": ["odd"]}], "[block]"),
    ],
)
def test_a_result_reads_as_text(content: Any, expected: str | None) -> None:
    assert shown(content) == expected


@pytest.mark.parametrize(("data", "size"), [("QQ==", 1), ("QUI=", 2), ("QUJD", 3), ("", 0)])
def test_the_size_of_an_image_is_that_of_its_bytes(data: str, size: int) -> None:
    assert base64_size(data) == size


def nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = {"a": value} if level % 2 else [value]
    return value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"command": "ls"}, {"command": "ls"}),
        ({}, {}),
        (None, {}),
        ("*** patch", {"input": "*** patch"}),
        ([1, 2], {"input": [1, 2]}),
        ({"data": BASE64}, {"data": "[base64, 4000 characters]"}),
        ({"a": [{"data": BASE64}]}, {"a": [{"data": "[base64, 4000 characters]"}]}),
        (
            {"u": f"data:image/png;base64,{BASE64}"},
            {"u": "[base64, 4022 characters]"},
        ),
        ({"content": "word " * 1000}, {"content": "word " * 1000}),
        ({"content": "x = 1\n" * 1000}, {"content": "x = 1\n" * 1000}),
        ({"a": nested(90)}, {"a": nested(90)}),
        ({"a": nested(150)}, {"too_deep": True}),
        ({"a": nested(900)}, {"too_deep": True}),
        ({"a": [0] * 90_000}, {"a": [0] * 90_000}),
        ({"a": [{}] * 200_000}, {"too_many": True}),
        ({"a": [[0] * 90_000] * 2}, {"too_many": True}),
        ({str(n): n for n in range(200_000)}, {"too_many": True}),
    ],
)
def test_a_tool_input_keeps_all_but_binary_data(given: Any, expected: Any) -> None:
    assert tool_input(given) == expected


def test_an_input_that_is_only_a_deep_list_is_refused_too() -> None:
    assert tool_input(nested(901)) == {"too_deep": True}
