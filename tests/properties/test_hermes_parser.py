"""Whatever happens to the bytes of rows: no exception, all lines counted, cuts unseen."""

import re
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
    Source,
    assert_same,
    assert_sound,
    read,
    read_in_parts,
)
from tests.hermes_agent import human, results, run
from tests.integration.adapters.hermes.fixtures import every_row, stored
from tests.properties import accidents
from tests.properties.accidents import ACCIDENTS, Lines, damaged, place
from tests.properties.retyping import retypings
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


def mixed(draw: DrawFn, lines: Lines) -> None:
    other = draw(st.sampled_from(SOURCES)).data.splitlines(keepends=True)
    lines.insert(place(draw, lines), draw(st.sampled_from(other)))


def retyped(draw: DrawFn, lines: Lines) -> None:
    accidents.retyped(draw, lines, JSON_VALUES | MARKUP)


DAMAGED = damaged(SOURCES, (*ACCIDENTS, mixed, retyped))


def test_no_value_of_another_type_raises() -> None:
    for source in retypings(SOURCES):
        assert_sound(source, read(PARSER, source))


@given(DAMAGED)
def test_no_accident_raises_and_every_line_is_counted(source: Source) -> None:
    assert_sound(source, read(PARSER, source))


@given(DAMAGED, st.data())
def test_parts_give_the_same_as_the_whole(source: Source, data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.integers(0, len(source.data)), max_size=6))

    assert_same(read_in_parts(PARSER, source, ends), read(PARSER, source))


@given(DAMAGED, JSON_VALUES)
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
