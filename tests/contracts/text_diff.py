"""What every TextDiff keeps to."""

import re
from itertools import pairwise

import pytest

from opentraces.domain.trail.text import Edit
from opentraces.ports.text_diff import TextDiff


def applied(old: bytes, new: bytes, edits: list[Edit]) -> bytes:
    """Return the old text with the edits made in it, their lines taken from the new one."""
    before, after = (re.findall(rb"[^\n]*\n|[^\n]+", text) for text in (old, new))
    for a, b, c, d in reversed(edits):
        before[a:b] = after[c:d]
    return b"".join(before)


class TextDiffContract:
    @pytest.fixture
    def diff(self) -> TextDiff:
        raise NotImplementedError("give one")

    @pytest.mark.parametrize(
        ("old", "new", "edits"),
        [
            (b"", b"", []),
            (b"a\n", b"a\n", []),
            (b"", b"a\nb\n", [(0, 0, 0, 2)]),
            (b"a\nb\n", b"", [(0, 2, 0, 0)]),
            (b"a\nb\nc\n", b"a\nB\nc\n", [(1, 2, 1, 2)]),
            (b"a\nb\nc\n", b"a\nc\n", [(1, 2, 1, 1)]),
            (b"a\nc\n", b"a\nb\nc\n", [(1, 1, 1, 2)]),
            (b"a\nb\nc\nd\ne\n", b"A\nb\nc\nd\nE\nF\n", [(0, 1, 0, 1), (4, 5, 4, 6)]),
            (b"a\nb\nc\n", b"A\nb\nC\n", [(0, 1, 0, 1), (2, 3, 2, 3)]),
            (b"a\nb", b"a\nb\n", [(1, 2, 1, 2)]),
            (b"a\nb\n", b"a\nb", [(1, 2, 1, 2)]),
            (b"a\r\nb\r\n", b"a\r\nb\n", [(1, 2, 1, 2)]),
            (b"a\rb\n", b"a\rc\n", [(0, 1, 0, 1)]),
            (b"\xff\n\0\n", b"\xff\n\0\0\n", [(1, 2, 1, 2)]),
            (b"\n\n", b"\n\n\n", [(2, 2, 2, 3)]),
        ],
    )
    def test_edits_are_ranges_of_lines(
        self, diff: TextDiff, old: bytes, new: bytes, edits: list[Edit]
    ) -> None:
        assert [*diff.edits(old, new)] == edits

    def test_edits_are_ascending_and_apart_and_give_the_new_text(self, diff: TextDiff) -> None:
        old = b"".join(b"%d\n" % (number * 7 % 11) for number in range(400))
        new = b"".join(b"%d\n" % (number * 7 % 13) for number in range(400))

        edits = [*diff.edits(old, new)]

        assert applied(old, new, edits) == new
        for (_, b, _, d), (a, _, c, _) in pairwise(edits):
            assert a > b
            assert c > d
