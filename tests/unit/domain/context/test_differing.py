"""Two windows, held against each other."""

import pytest

from opentraces.domain.context.blocks import Block, block_of
from opentraces.domain.context.differing import Differing, differing


def blocks(letters: str) -> list[Block]:
    return [block_of("user", letter, letter) for letter in letters]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", Differing(0, (), (), 0)),
        ("ab", "ab", Differing(2, (), (), 0)),
        ("ab", "abcd", Differing(2, (), (2, 3), 0)),
        ("abcd", "ab", Differing(2, (2, 3), (), 0)),
        ("abcd", "s", Differing(0, (0, 1, 2, 3), (0,), 0)),
        ("abcd", "sd", Differing(0, (0, 1, 2), (0,), 1)),
        ("abc", "acb", Differing(1, (), (), 2)),
        ("aab", "ab", Differing(1, (1,), (), 1)),
        ("ab", "aab", Differing(1, (), (1,), 1)),
        ("xaa", "ya", Differing(0, (0, 2), (0,), 1)),
    ],
)
def test_windows_differ(before: str, after: str, found: Differing) -> None:
    assert differing(blocks(before), blocks(after)) == found


def test_what_one_role_says_is_not_what_another_says() -> None:
    user, assistant = block_of("user", "a", "a"), block_of("assistant", "a", "a")

    assert differing([user], [assistant]) == Differing(0, (0,), (0,), 0)
