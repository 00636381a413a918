"""What stands between tags in the text of a turn."""

import pytest

from opentraces.adapters.hermes.markup import returned, spoken, tools_in

CALL = '<tool_call>\n{"name": "a", "arguments": {"x": 1}}\n</tool_call>'
BLOCK = {"name": "a", "arguments": {"x": 1}}


@pytest.mark.parametrize(
    ("value", "text", "thoughts", "blocks"),
    [
        ("", None, [], []),
        ("hello", "hello", [], []),
        ("<think>\n</think>\nhello", "hello", [], []),
        ("<think>\nwhy\n</think>\nhello\n", "hello", ["why"], []),
        ("<REASONING_SCRATCHPAD>why</REASONING_SCRATCHPAD>so", "so", ["why"], []),
        ("<think>a</think>\n<think>b</think>\nc", "c", ["a", "b"], []),
        ("<think>a <tool_call> b</think>c", "c", ["a <tool_call> b"], []),
        ("<think>cut sh", None, ["cut sh"], []),
        ("so <think>cut sh", "so \n<think>\ncut sh", [], []),
        (f"<think>\n</think>\n{CALL}", None, [], [BLOCK]),
        (f"text\n{CALL}\n{CALL}\nmore", "text\nmore", [], [BLOCK, BLOCK]),
        (CALL.replace("\n", ""), None, [], [BLOCK]),
        (CALL + CALL, None, [], [BLOCK, BLOCK]),
    ],
)
def test_what_the_model_said_is_taken_apart(
    value: str, text: str | None, thoughts: list[str], blocks: list[object]
) -> None:
    marked = spoken(value)

    assert (marked.text, marked.thoughts, marked.blocks) == (text, thoughts, blocks)
    assert marked.invalid == 0


@pytest.mark.parametrize(
    "value",
    [
        '<tool_call>\n{"name": "a", "arguments": {\n</tool_call>',
        "<tool_call>\nls -l\n</tool_call>",
        "<tool_call>\n[1]\n</tool_call>",
        '<tool_call>\n{"arguments": {}}\n</tool_call>',
        '<tool_call>\n{"name": "a"} and more\n</tool_call>',
        '<tool_call>\n{"name": "a", "arguments": NaN}\n</tool_call>',
        '<tool_call>\n{"name": "a"}',
        "<tool_call>",
        '<tool_call>\n{"name": "a", "arguments": ' + "[" * 101 + "]" * 101 + "}\n</tool_call>",
        '<tool_call>\n{"name": "a", "arguments": ' + "[" * 5000 + "]" * 5000 + "}\n</tool_call>",
    ],
    ids=lambda value: value[12:40],
)
def test_a_call_that_is_none_stays_text(value: str) -> None:
    marked = spoken(f"before\n{value}")

    assert (marked.blocks, marked.invalid) == ([], 1)
    assert marked.text is not None
    assert "".join(marked.text.split()) == "".join(f"before{value}".split())


def test_a_tag_inside_of_an_argument_ends_nothing() -> None:
    value = CALL.replace("1", '"</tool_call>\\n<tool_call>\\n<think>"')

    assert spoken(value + CALL).blocks == [
        {"name": "a", "arguments": {"x": "</tool_call>\n<tool_call>\n<think>"}},
        BLOCK,
    ]


def test_half_a_letter_in_an_argument_is_replaced() -> None:
    (block,) = spoken(CALL.replace("1", '"\\ud83d"')).blocks

    assert block["arguments"] == {"x": "\ufffd"}


def test_results_are_taken_apart_and_what_is_none_is_text() -> None:
    value = (
        '<tool_response>\n{"tool_call_id": "1", "name": "a", "content": "</tool_response>"}\n'
        '</tool_response>\n<tool_response>\nbare\n</tool_response>\n<tool_response>\n{"content": 1}'
        "\n</tool_response>"
    )

    marked = returned(value)

    assert [each["content"] for each in marked.blocks] == ["</tool_response>", 1]
    assert marked.text == "<tool_response>\nbare\n</tool_response>"


@pytest.mark.parametrize(
    "tag", ["<tool_call>", "<think>", '<tool_call>["', "<tool_call></tool_call>"]
)
def test_very_many_tags_are_read_once_each(tag: str) -> None:
    marked = spoken("said " + tag * 200_000)

    assert marked.blocks == []
    assert marked.text is not None
    assert marked.text.replace("\n", "") == "said " + tag * 200_000


@pytest.mark.parametrize(
    ("prompt", "tools"),
    [
        ('<tools>\n[{"name": "a"}, {"name": "b"}, {"x": 1}, 7]\n</tools>', ["a", "b"]),
        ('within <tools> </tools> tags:\n<tools>\n[{"name": "a"}]\n</tools>\n', ["a"]),
        ("<tools>\n[]\n</tools>", []),
        ('<tools>\n[{"name": "a"', []),
        ("no tools", []),
        ("<tools>\nall\n</tools>", []),
    ],
)
def test_tools_are_those_that_the_system_prompt_offers(prompt: str, tools: list[str]) -> None:
    assert tools_in(prompt) == tools
