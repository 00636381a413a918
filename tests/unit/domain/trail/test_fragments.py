"""Lines that a patch wrote at a place that was not told."""

import pytest

from opentraces.domain.trail.fragments import Fragment
from opentraces.domain.trail.owners import owner

A, B, C = b"koala_rate = 20", b"numbat_rate = 21", b"quokka_rate = 22"
OWN, SHORT = b"human_rate = 5", b"}"


def found(run: tuple[bytes, ...], lines: list[bytes], free: set[int] | None = None) -> list[int]:
    """Return, for each line, which of the run it is; -1: none."""
    places = set(range(len(lines))) if free is None else free
    held = Fragment(0, 0, ((0, run),)).found_in(lines, places)
    numbers = {owner(0, number): number for number in range(len(run))}
    return [numbers[held[at]] if at in held else -1 for at in range(len(lines))]


@pytest.mark.parametrize(
    ("run", "lines", "expected"),
    [
        ((A, B), [OWN, A, B], [-1, 0, 1]),
        ((A, B), [A, OWN, B], [0, -1, 1]),
        ((A, B, C), [A, OWN, B, OWN, C], [0, -1, 1, -1, 2]),
        ((A, SHORT, B, C), [A, SHORT, OWN, B, C], [0, 1, -1, 2, 3]),
        ((A, B, C), [A, OWN, C], [0, -1, 2]),
    ],
)
def test_run_is_found_though_lines_came_between(
    run: tuple[bytes, ...], lines: list[bytes], expected: list[int]
) -> None:
    assert found(run, lines) == expected


@pytest.mark.parametrize(
    ("run", "lines"),
    [
        ((A,), [A, OWN, A]),
        ((SHORT,), [SHORT]),
        ((A, B), [A, B, OWN, A, B]),
    ],
)
def test_what_stands_twice_or_tells_nothing_is_not_found(
    run: tuple[bytes, ...], lines: list[bytes]
) -> None:
    assert found(run, lines) == [-1] * len(lines)


def test_line_that_was_moved_before_the_rest_of_its_run_is_not_found() -> None:
    assert found((A, B, C), [C, OWN, A, B]) == [-1, -1, 0, 1]


def test_line_that_is_anothers_is_not_found() -> None:
    assert found((A, B), [A, OWN, B], {1, 2}) == [-1, -1, 1]
