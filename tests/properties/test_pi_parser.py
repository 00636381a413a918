"""Whatever happens to the bytes of real sessions: no exception, all lines counted, cuts unseen."""

from dataclasses import replace

import orjson
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from opentraces.adapters.pi.parser import PiParser
from tests.contracts.file_changes import assert_changes_sound
from tests.contracts.trace_parser import (
    Source,
    assert_same,
    assert_sound,
    read,
    read_in_parts,
)
from tests.integration.adapters.pi.fixtures import every_source
from tests.properties.accidents import ACCIDENTS, Lines, damaged, place
from tests.properties.retyping import retypings

PARSER = PiParser()
SOURCES = [source for source in every_source().values() if len(source.data) < 20_000]


def regrown(draw: DrawFn, lines: Lines) -> None:
    """Let an entry go on from any other one, from none, from itself, or from nowhere."""
    at = place(draw, lines)
    try:
        line, other = orjson.loads(lines[at]), orjson.loads(lines[place(draw, lines)])
    except orjson.JSONDecodeError:
        return
    if isinstance(line, dict) and isinstance(other, dict):
        line["parentId"] = draw(st.sampled_from([other.get("id"), line.get("id"), None, "gone", 7]))
        lines[at] = orjson.dumps(line) + b"\n"


def unnamed(draw: DrawFn, lines: Lines) -> None:
    """Take the ids away, as the first version of the format had none."""
    at = place(draw, lines)
    try:
        line = orjson.loads(lines[at])
    except orjson.JSONDecodeError:
        return
    if isinstance(line, dict):
        kept = {key: value for key, value in line.items() if key not in ("id", "parentId")}
        lines[at] = orjson.dumps(kept) + b"\n"


DAMAGED = damaged(SOURCES, (*ACCIDENTS, regrown, unnamed))


def test_no_value_of_another_type_raises() -> None:
    for source in retypings(list(every_source().values())):
        found = read(PARSER, source)
        assert_sound(source, found)
        assert_changes_sound(source, found)


@given(DAMAGED)
def test_no_accident_raises_and_every_line_is_counted(source: Source) -> None:
    found = read(PARSER, source)

    assert_sound(source, found)
    assert_changes_sound(source, found)


@given(DAMAGED, st.data())
def test_parts_give_the_same_as_the_whole(source: Source, data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.integers(0, len(source.data)), max_size=6))

    assert_same(read_in_parts(PARSER, source, ends), read(PARSER, source))


@given(st.sampled_from(SOURCES), st.data())
def test_any_prefix_gives_a_prefix_of_the_steps(source: Source, data: st.DataObject) -> None:
    prefix = replace(source, data=source.data[: data.draw(st.integers(0, len(source.data)))])
    found = read(PARSER, prefix)
    keys = [step.key for step in read(PARSER, source).steps]

    assert_sound(prefix, found)
    assert [step.key for step in found.steps] == keys[: len(found.steps)]


@given(st.lists(st.sampled_from(SOURCES), min_size=2, max_size=4), st.data())
def test_sources_run_together_are_cut_as_well(parts: list[Source], data: st.DataObject) -> None:
    """A file of several sessions, whose entries have the same ids or others."""
    heads = data.draw(st.booleans())
    lines = [
        line
        for part in parts
        for line in part.data.splitlines(keepends=True)
        if heads or b'"type":"session"' not in line
    ]
    moved = data.draw(st.permutations(range(min(len(lines), 40))))
    lines[: len(moved)] = [lines[at] for at in moved]
    source = replace(parts[0], data=b"".join(lines))
    ends = data.draw(st.lists(st.integers(0, len(source.data)), max_size=4))

    assert_same(read_in_parts(PARSER, source, ends), read(PARSER, source))
