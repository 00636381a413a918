"""Hunks go where they were made for, or nowhere."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.trail.applying import applied, unapplied
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.text import ended

LINES = st.lists(st.sampled_from(["a", "b", "", "}", "    return 1"]), max_size=12)


def placed(olds: list[str], news: list[str]) -> tuple[Hunk, ...]:
    """Return how to come from one text to another, without lines around."""
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    return tuple(
        Hunk(
            old_start=start + 1 if end > start else start,
            new_start=new_start + 1 if new_end > new_start else new_start,
            lines=(
                *(f"-{line}" for line in olds[start:end]),
                *(f"+{line}" for line in news[new_start:new_end]),
            ),
        )
        for tag, start, end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    )


def joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@given(LINES, LINES)
def test_placed_hunks_lead_from_one_text_to_the_other_and_back(
    olds: list[str], news: list[str]
) -> None:
    hunks = placed(olds, news)

    assert applied(joined(olds), hunks) == (joined(news) if hunks else joined(olds))
    assert unapplied(joined(news), hunks) == (joined(olds) if hunks else joined(news))


def test_a_blank_last_line_stays() -> None:
    hunk = Hunk(old_start=1, new_start=1, lines=("-a", "+b"))

    assert applied(b"a\n\n", [hunk]) == b"b\n\n"


def test_a_hunk_that_does_not_fit_its_place_fits_the_only_other_one() -> None:
    hunk = Hunk(old_start=1, new_start=1, lines=("-b", "+c"))

    assert applied(b"a\nb\n", [hunk]) == b"a\nc\n"
    assert applied(b"a\nb\n", [hunk], is_old=True) is None


@pytest.mark.parametrize("text", [b"b\nb\n", b"a\n", b""])
def test_a_hunk_that_fits_nowhere_or_twice_is_not_applied(text: bytes) -> None:
    assert applied(text, [Hunk(lines=("-b", "+c"))]) is None


def test_lines_that_go_leave_no_empty_one() -> None:
    assert applied(b"x\ny\nz\n", [Hunk(lines=("-y",))]) == b"x\nz\n"


def test_parts_of_lines_are_replaced() -> None:
    assert applied(b"x = one(1)\n", [Hunk(lines=("-one", "+two"))]) == b"x = two(1)\n"


def test_only_what_comes_has_no_place_of_its_own() -> None:
    assert applied(b"a\n", [Hunk(lines=("+b",))]) is None


def test_a_text_without_a_last_newline_is_ended() -> None:
    assert ended(b"a") == b"a\n"
    assert applied(b"a", [Hunk(old_start=1, new_start=1, lines=("-a", "+b"))]) == b"b\n"
