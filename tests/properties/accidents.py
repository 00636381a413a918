"""Accidents that befall the lines of a source, whatever the agent, and what must be true then."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.contracts.trace_parser import GARBAGE, Source
from tests.strategies import JSON_VALUES

Lines = list[bytes]
Accident = Callable[[DrawFn, Lines], None]


@st.composite
def damaged(draw: DrawFn, sources: Sequence[Source], accidents: Sequence[Accident]) -> Source:
    """Draw a source after a few accidents."""
    source = draw(st.sampled_from(sources))
    lines = source.data.splitlines(keepends=True)
    for accident in draw(st.lists(st.sampled_from(accidents), min_size=1, max_size=5)):
        if lines:
            accident(draw, lines)
    return replace(source, data=b"".join(lines))


def place(draw: DrawFn, lines: Lines) -> int:
    """Draw the place of a line."""
    return draw(st.integers(0, len(lines) - 1))


def deleted(draw: DrawFn, lines: Lines) -> None:
    del lines[place(draw, lines)]


def doubled(draw: DrawFn, lines: Lines) -> None:
    lines.insert(place(draw, lines), lines[place(draw, lines)])


def swapped(draw: DrawFn, lines: Lines) -> None:
    one, other = place(draw, lines), place(draw, lines)
    lines[one], lines[other] = lines[other], lines[one]


def flipped(draw: DrawFn, lines: Lines) -> None:
    at = place(draw, lines)
    line = bytearray(lines[at])
    if line:
        line[draw(st.integers(0, len(line) - 1))] ^= 1 << draw(st.integers(0, 7))
    lines[at] = bytes(line)


def cut_short(draw: DrawFn, lines: Lines) -> None:
    at = place(draw, lines)
    lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]


def littered(draw: DrawFn, lines: Lines) -> None:
    lines.insert(place(draw, lines), draw(st.sampled_from(GARBAGE)))


def retyped(draw: DrawFn, lines: Lines, values: st.SearchStrategy[Any] = JSON_VALUES) -> None:
    """Put any JSON in the place of one value, however deep."""
    at = place(draw, lines)
    try:
        line = orjson.loads(lines[at])
    except orjson.JSONDecodeError:
        return
    node = line
    while isinstance(node, dict | list) and node:
        step = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        inner = node[step]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            node[step] = draw(values)
            break
        node = inner
    lines[at] = orjson.dumps(line) + b"\n"


ACCIDENTS: tuple[Accident, ...] = (
    deleted,
    doubled,
    swapped,
    flipped,
    cut_short,
    littered,
    retyped,
)
"""Those that need to know nothing of the format."""
