"""What became of a file that was kept, and of events that may have been."""

from collections.abc import Iterator
from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.envelope import Member
from opentraces.domain.growth import Growth, growth, growth_at_end, is_step_up, shared_lines
from opentraces.domain.ids import Digest, digest


def member(plain: bytes) -> Member:
    return Member(
        first=0, last=0, plain=len(plain), stored=1, digest=Digest("0" * 16), content=digest(plain)
    )


KEPT = [member(b"first\n"), member(b"second\n")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (b"first\nsecond\n", Growth.SAME),
        (b"first\nsecond\nthird\n", Growth.GREW),
        (b"first\nSecond\n", Growth.REWRITTEN),
        (b"first\nsecond", Growth.REWRITTEN),
        (b"first\n", Growth.REWRITTEN),
        (b"", Growth.EMPTIED),
        (b"other\nsecond\nthird\n", Growth.REWRITTEN),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_file_is_told_from_what_was_kept(now: bytes, expected: Growth, size: int) -> None:
    pieces = [now[start : start + size] for start in range(0, len(now), size)]

    assert growth(KEPT, pieces) is expected


def test_file_of_which_nothing_was_kept_grew_by_all_of_it() -> None:
    assert growth([], [b"x"]) is Growth.GREW
    assert growth([], []) is Growth.SAME


def test_file_that_was_rewritten_is_read_no_further() -> None:
    read = []

    def pieces() -> "object":
        for piece in (b"FIRST\n", b"second\n", b"third\n"):
            read.append(piece)
            yield piece

    assert growth(KEPT, pieces()) is Growth.REWRITTEN  # type: ignore[arg-type]
    assert read == [b"FIRST\n"]


def read(now: bytes, offset: int, size: int = 3) -> Iterator[bytes]:
    """Yield a file's bytes from an offset on."""
    return (now[start : start + size] for start in range(offset, len(now), size))


@pytest.mark.parametrize(
    "now",
    [
        b"first\nsecond\n",
        b"first\nsecond\nthird\n",
        b"first\nSecond\n",
        b"first\nsecond",
        b"first\ns",
        b"first\n",
        b"fir",
        b"",
    ],
)
def test_file_whose_beginning_stayed_is_known_by_its_end(now: bytes) -> None:
    whole, last = growth(KEPT, read(now, 0)), growth_at_end(KEPT, lambda at: read(now, at))

    assert last is whole


def test_change_before_the_last_run_is_not_seen_at_the_end() -> None:
    now = b"FIRST\nsecond\nthird\n"

    assert growth_at_end(KEPT, lambda at: read(now, at)) is Growth.GREW


def test_only_the_last_run_is_read() -> None:
    offsets = []

    def noted(offset: int) -> Iterator[bytes]:
        offsets.append(offset)
        return read(b"first\nsecond\nthird\n", offset)

    growth_at_end(KEPT, noted)

    assert offsets == [len(b"first\n")]


@given(now=st.binary(max_size=5))
def test_at_the_end_of_nothing_kept_a_file_grew_by_all_of_it(now: bytes) -> None:
    assert growth_at_end([], lambda at: read(now, at)) is (Growth.GREW if now else Growth.SAME)


def test_first_byte_is_a_step_up() -> None:
    assert is_step_up(0, 1)
    assert not is_step_up(0, 0)


@given(before=st.integers(1, 10**12), share=st.floats(0, 0.999))
def test_growth_by_an_eighth_is_a_step_up(before: int, share: float) -> None:
    assert is_step_up(before, int(before * 1.1251) + 2)
    assert not is_step_up(before, before)
    assert not is_step_up(before, int(before * share))


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=200))
def test_there_are_few_steps_however_a_length_grows(growths: list[int]) -> None:
    lengths = [0]
    for each in growths:
        lengths.append(lengths[-1] + each)

    ups = [after for before, after in pairwise(lengths) if is_step_up(before, after)]

    assert len(ups) <= log(max(lengths[-1], 1), 1.125) + 1
    assert sum(ups) <= 20 * lengths[-1]


LINES = st.lists(st.binary(max_size=8).map(lambda line: line.replace(b"\n", b"")), unique=True)


def tail_of(kept: bytes, waiting: bytes) -> bytes:
    """Return as much of the end of `kept` as can matter."""
    return kept[max(len(kept) - len(waiting) - 1, 0) :]


@given(lines=LINES, data=st.data())
def test_lines_that_are_kept_and_wait_are_known_however_they_were_cut(
    lines: list[bytes], data: st.DataObject
) -> None:
    ends = st.integers(0, len(lines))
    begin, middle, end = sorted(data.draw(ends) for _ in range(3))
    whole = [line + b"\n" for line in lines]
    kept, waiting = b"".join(whole[:middle]), b"".join(whole[begin:end])

    found = shared_lines(tail_of(kept, waiting), waiting)

    assert found == len(b"".join(whole[begin:middle]))


@given(lines=LINES, data=st.data())
def test_lines_of_which_none_is_kept_share_none(lines: list[bytes], data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(lines)))
    kept, waiting = (b"".join(x + b"\n" for x in part) for part in (lines[:middle], lines[middle:]))

    assert shared_lines(tail_of(kept, waiting), waiting) == 0
    assert shared_lines(kept, b"") == shared_lines(b"", waiting) == 0
