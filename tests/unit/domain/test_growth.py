import pytest

from opentraces.domain.envelope import Member
from opentraces.domain.growth import Growth, growth
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
