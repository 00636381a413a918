"""Whatever happens to the bytes of rows: no exception, all lines counted, cuts unseen."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from opentraces.adapters.hermes.markup import returned, spoken, tools_in
from opentraces.adapters.hermes.parser import HermesParser
from tests.contracts.trace_parser import (
    GARBAGE,
    Source,
    assert_same,
    assert_sound,
    read,
    read_in_parts,
)
from tests.hermes_agent import human, results, run
from tests.integration.adapters.hermes.fixtures import every_row, stored
from tests.strategies import JSON_VALUES

PARSER = HermesParser()

with TemporaryDirectory() as _folder:
    SOURCES = [*every_row().values(), stored(Path(_folder))]

TAGS = (
    *("<think>", "</think>", "<REASONING_SCRATCHPAD>", "</REASONING_SCRATCHPAD>"),
    *("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<tools>", "</tools>"),
    *('{"name":"a","arguments":{}}', '{"name":"a","content":"b"}', '"', "{", "\\", "\n", " ", "w"),
)
MARKUP = st.lists(st.sampled_from(TAGS), max_size=40).map("".join)

Lines = list[bytes]


@st.composite
def damaged(draw: DrawFn) -> Source:
    """Draw a source after a few accidents."""
    source = draw(st.sampled_from(SOURCES))
    lines = source.data.splitlines(keepends=True)
    for accident in draw(st.lists(st.sampled_from(ACCIDENTS), min_size=1, max_size=5)):
        if lines:
            accident(draw, lines)
    return replace(source, data=b"".join(lines))


def _place(draw: DrawFn, lines: Lines) -> int:
    return draw(st.integers(0, len(lines) - 1))


def deleted(draw: DrawFn, lines: Lines) -> None:
    del lines[_place(draw, lines)]


def doubled(draw: DrawFn, lines: Lines) -> None:
    lines.insert(_place(draw, lines), lines[_place(draw, lines)])


def swapped(draw: DrawFn, lines: Lines) -> None:
    one, other = _place(draw, lines), _place(draw, lines)
    lines[one], lines[other] = lines[other], lines[one]


def flipped(draw: DrawFn, lines: Lines) -> None:
    at = _place(draw, lines)
    line = bytearray(lines[at])
    if line:
        line[draw(st.integers(0, len(line) - 1))] ^= 1 << draw(st.integers(0, 7))
    lines[at] = bytes(line)


def cut_short(draw: DrawFn, lines: Lines) -> None:
    at = _place(draw, lines)
    lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]


def littered(draw: DrawFn, lines: Lines) -> None:
    lines.insert(_place(draw, lines), draw(st.sampled_from(GARBAGE)))


def mixed(draw: DrawFn, lines: Lines) -> None:
    other = draw(st.sampled_from(SOURCES)).data.splitlines(keepends=True)
    lines.insert(_place(draw, lines), draw(st.sampled_from(other)))


def retyped(draw: DrawFn, lines: Lines) -> None:
    """Put any JSON in the place of one value, however deep."""
    at = _place(draw, lines)
    try:
        line = orjson.loads(lines[at])
    except orjson.JSONDecodeError:
        return
    node = line
    while isinstance(node, dict | list) and node:
        step = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        inner = node[step]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            node[step] = draw(JSON_VALUES | MARKUP)
            break
        node = inner
    lines[at] = orjson.dumps(line) + b"\n"


ACCIDENTS: list[Callable[[DrawFn, Lines], None]] = [
    deleted,
    doubled,
    swapped,
    flipped,
    cut_short,
    littered,
    mixed,
    retyped,
]


@given(damaged())
def test_no_accident_raises_and_every_line_is_counted(source: Source) -> None:
    assert_sound(source, read(PARSER, source))


@given(damaged(), st.data())
def test_parts_give_the_same_as_the_whole(source: Source, data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.integers(0, len(source.data)), max_size=6))

    assert_same(read_in_parts(PARSER, source, ends), read(PARSER, source))


@given(damaged(), JSON_VALUES)
def test_a_note_of_any_form_does_no_harm(source: Source, said: Any) -> None:
    name = source.file.name.removesuffix(".jsonl") + ".session.json"
    parts = {"session": said, "session_model_usage": [said], "schema_version": said}
    for note in (orjson.dumps(parts), orjson.dumps(said), b"\xff"):
        changed = replace(source, notes={name: note})
        assert_sound(changed, read(PARSER, changed))


@given(MARKUP | st.text())
def test_no_letter_of_what_was_said_is_lost(value: str) -> None:
    value = re.sub("</?(think|REASONING_SCRATCHPAD)>", "", value)
    marked = spoken(value)

    tools_in(value)
    blocks = len(marked.blocks)
    assert len(returned(value).blocks) <= value.count("<tool_response>")
    assert blocks + marked.invalid <= value.count("<tool_call>")
    if not blocks:
        assert "".join((marked.text or "").split()) == "".join(value.split())


@given(st.text())
def test_what_a_call_holds_comes_back(text: str) -> None:
    given = {"a": text, "b": "</tool_call>\n<think>"}
    said = orjson.dumps({"name": "write", "arguments": given}).decode()
    called = {"from": "gpt", "value": f"<think>\n</think>\n<tool_call>\n{said}\n</tool_call>"}
    line = run(human("write"), called, results(("call_1", "write", text)))

    found = read(PARSER, replace(SOURCES[0], data=line))

    assert len(found.steps) == 2
    step = found.steps[-1].step
    assert [call.input for call in step.tool_calls] == [given]
    assert [seen.content for seen in step.observations] == [text or None]
