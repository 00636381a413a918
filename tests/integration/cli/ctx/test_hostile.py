"""What a session holds is shown, whatever it is, and obeyed by nobody."""

from typing import Any

import pytest

from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.ctx.made_up import MadeUp, call, text

ESCAPE = "\x1b]52;c;cm0gLXJm\x07\x1b[2Jred\u202e\x9b31m"
COMMANDS = (("show",), ("show", "--full"), ("tree",), ("tokens",), ("compactions",), ("handover",))


def hostile(session: MadeUp) -> str:
    lines = session.main
    lines.layer("system", ESCAPE)
    lines.layer("tool_registry", [{"name": ESCAPE}, ESCAPE, 7])
    lines.layer("runtime_state", {ESCAPE: ESCAPE, "deep": {"er": ESCAPE}})
    session.prompt(ESCAPE)
    session.answer(text(ESCAPE), call("c", ESCAPE, file_path=ESCAPE), limitations=(ESCAPE,))
    session.result("c", ESCAPE, failed=True)
    lines.context.add(ESCAPE, text("odd"), lines.write(text("odd")))
    session.answer(call("d", "Read", file_path=ESCAPE), limitations=(ESCAPE,))
    session.result("d", ESCAPE)
    session.compact(ESCAPE)
    session.answer(text(ESCAPE), limitations=(ESCAPE,))
    helper = session.helper(ESCAPE, "c")
    session.prompt(ESCAPE, helper)
    session.answer(text(ESCAPE), lines=helper)
    return session.keep()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_terminal_obeys_nothing(session: MadeUp, call: Call, words: tuple[str, ...]) -> None:
    trace = hostile(session)

    result = call("ctx", words[0], trace, *words[1:])

    assert result.exit_code == 0, result.output
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(result.output)


def test_neither_does_it_a_difference(session: MadeUp, call: Call) -> None:
    trace = hostile(session)

    result = call("ctx", "diff", f"{trace}:2", f"{trace}:3")

    assert result.exit_code == 0
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(result.output)


def test_a_huge_block_is_a_few_lines(session: MadeUp, call: Call) -> None:
    session.prompt("line\n" * 400_000)
    session.answer(text("x" * 3_000_000))
    session.prompt("go on")
    session.answer(text("done"))
    trace = session.keep()

    for name in ("show", "tokens", "handover"):
        assert len(call("ctx", name, trace).stdout) < 20_000
    assert "… 399,994 lines more" in call("ctx", "show", trace).stdout


ODD: tuple[Any, ...] = (
    {"type": "text"},
    {"type": "text", "text": 7},
    {"type": "text", "text": None},
    {"type": "tool_use"},
    {"type": "tool_use", "id": 7, "name": ["x"], "input": [1]},
    {"type": "tool_result"},
    {"type": "tool_result", "tool_use_id": {}, "content": {"a": [1]}},
    {"type": "thinking", "thinking": {"a": 1}},
    {"type": None},
    {},
    [],
    [["x"]],
    7,
    None,
    True,
    "bare",
    {"type": "image", "source": {"data": "x" * 100}},
)


def test_odd_blocks_are_shown_as_they_are(session: MadeUp, call: Call, document: Document) -> None:
    session.main.add("user", *ODD)
    session.prompt("go")
    session.answer(text("fine"))
    trace = session.keep()

    for words in COMMANDS:
        assert call("ctx", words[0], trace, *words[1:]).exit_code == 0
    (message,) = document("ctx", "show", trace)["layers"]["messages"]
    said = [text("bare") if block == "bare" else block for block in ODD]
    assert message["content"] == [*said, text("go")]


@pytest.mark.parametrize("depth", [50, 240, 250])
def test_deep_values_are_shown(session: MadeUp, call: Call, document: Document, depth: int) -> None:
    deep: Any = "x"
    for _ in range(depth):
        deep = [deep]
    session.main.add("user", {"type": "tool_result", "tool_use_id": "c", "content": deep})
    session.main.add(
        "assistant", {"type": "tool_use", "id": "c", "name": "t", "input": {"a": deep}}
    )
    session.prompt("go")
    session.answer(text("fine"))
    trace = session.keep()

    for words in COMMANDS:
        assert call("ctx", words[0], trace, *words[1:]).exit_code == 0, words
    assert len(document("ctx", "show", trace)["layers"]["messages"]) == 3
