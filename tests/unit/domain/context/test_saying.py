"""What blocks of every service say."""

from typing import Any

import pytest

from opentraces.domain.context.saying import Saying, named_in, said_in, text_in


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("bare", Saying("text", "bare")),
        ({"type": "text", "text": "t"}, Saying("text", "t")),
        ({"type": "input_text", "text": "t"}, Saying("text", "t")),
        (
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "t"}]},
            Saying("text", "t"),
        ),
        (
            {"type": "message", "role": "assistant", "content": [{"type": "output_text"}]},
            Saying("text", ""),
        ),
        ({"type": "thinking", "thinking": "h", "signature": "s"}, Saying("thinking", "h")),
        ({"type": "redacted_thinking", "data": "x"}, Saying("thinking", "")),
        (
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "h"}]},
            Saying("thinking", "h"),
        ),
        ({"type": "reasoning", "summary": [], "encrypted_content": "x"}, Saying("thinking", "")),
        (
            {"type": "tool_use", "id": "c", "name": "Read", "input": {"path": "p"}},
            Saying("call", tool="Read", call="c", input={"path": "p"}),
        ),
        (
            {"type": "toolCall", "id": "c", "name": "read", "arguments": {"path": "p"}},
            Saying("call", tool="read", call="c", input={"path": "p"}),
        ),
        (
            {"type": "function_call", "id": "f", "call_id": "c", "name": "exec", "arguments": "{}"},
            Saying("call", tool="exec", call="c", input={"input": "{}"}),
        ),
        (
            {"type": "function_call", "call_id": "c", "name": "exec", "arguments": '{"cmd":"ls"}'},
            Saying("call", tool="exec", call="c", input={"cmd": "ls"}),
        ),
        (
            {"type": "custom_tool_call", "call_id": "c", "name": "apply_patch", "input": "*** B"},
            Saying("call", tool="apply_patch", call="c", input={"input": "*** B"}),
        ),
        (
            {"type": "local_shell_call", "call_id": "c", "action": {"command": ["ls"]}},
            Saying("call", tool="local_shell_call", call="c", input={"command": ["ls"]}),
        ),
        (
            {"type": "tool_result", "tool_use_id": "c", "content": "out", "is_error": True},
            Saying("output", "out", call="c", is_error=True),
        ),
        (
            {"type": "tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "a"}]},
            Saying("output", "a", call="c"),
        ),
        (
            {"type": "toolResult", "toolCallId": "c", "content": [], "isError": True},
            Saying("output", "", call="c", is_error=True),
        ),
        (
            {"type": "function_call_output", "call_id": "c", "output": "out"},
            Saying("output", "out", call="c"),
        ),
        (
            {"type": "web_search_tool_result", "tool_use_id": "c", "content": {"code": 1}},
            Saying("output", '{"code":1}', call="c"),
        ),
        ({"type": "image", "url": "data:x"}, Saying("image", "[image, 31 bytes]")),
        ({"type": "new"}, Saying("other", '{"type":"new"}')),
        ({"type": ["text"]}, Saying("other", '{"type":["text"]}')),
        ({"type": "tool_use", "input": 7}, Saying("call", tool="tool_use")),
        (7, Saying("other", "7")),
        (None, Saying("other", "null")),
    ],
)
def test_a_block_says(value: Any, said: Saying) -> None:
    assert said_in(value) == said


def test_content_is_the_text_of_its_parts_and_words_for_the_others() -> None:
    parts = [{"type": "text", "text": "a"}, "b", {"type": "tool_reference"}, 7]

    assert text_in(parts) == "a\nb\n[tool_reference]\n7"
    assert text_in(None) == ""


def test_tools_are_named_in_each_form() -> None:
    tools = [
        {"name": "Read"},
        {"type": "function", "function": {"name": "read"}},
        {"type": "web_search"},
        {},
        7,
    ]

    assert named_in(tools) == ("Read", "read", "web_search", "?", "7")
    assert named_in({"name": "Read"}) == named_in(None) == ()
