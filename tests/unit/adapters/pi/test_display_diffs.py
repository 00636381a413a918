"""What Pi shows of a change is read where its numbers agree."""

import pytest

from opentraces.adapters.pi.display_diffs import hunks_in
from opentraces.domain.trail.file_change import Hunk


@pytest.mark.parametrize(
    ("diff", "hunks"),
    [
        ("-1 a\n+1 b", (Hunk(old_start=1, new_start=1, lines=("-a", "+b")),)),
        ("+1 a", (Hunk(old_start=0, new_start=1, lines=("+a",)),)),
        ("-1 a", (Hunk(old_start=1, new_start=0, lines=("-a",)),)),
        (
            "  9 i\n+10 new\n 10 j\n    ...\n 30 k\n-31 l\n 32 \n    ...",
            (
                Hunk(old_start=9, new_start=9, lines=(" i", "+new", " j")),
                Hunk(old_start=30, new_start=31, lines=(" k", "-l", " ")),
            ),
        ),
        ("", None),
        ("text", None),
        ("+1 a\nb", None),
        ("+1 a\n+3 b", None),
        (" 1 a\n-3 b", None),
        (" 5 a\n+6 b\n   ...\n 2 c\n-3 d", None),
        ("-0 a", None),
        ("+1234567890 a", None),
    ],
)
def test_hunks_are_read(diff: str, hunks: tuple[Hunk, ...] | None) -> None:
    assert hunks_in(diff) == hunks
