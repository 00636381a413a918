"""What fits, the newest of each section first."""

from collections.abc import Sequence

import pytest

from opentraces.domain.handover.fitting import Sized, fitted, head_of


@pytest.mark.parametrize(
    ("items", "room", "taken"),
    [
        ([], 100, []),
        ([()], 100, [0]),
        ([(10, 10), (10, 10)], 1000, [2, 2]),
        ([(10, 10), (10, 10)], 22, [1, 1]),
        ([(10, 10), (10, 10)], 32, [2, 1]),
        ([(50, 1), (10, 10)], 22, [0, 2]),
        ([(10, 50, 1), (10, 10)], 60, [1, 2]),
        ([(10, 10)], 10, [0]),
        ([(10, 10)], -5, [0]),
    ],
)
def test_sections_take_room_in_turn(
    items: Sequence[tuple[int, ...]], room: int, taken: list[int]
) -> None:
    assert fitted([Sized(1, each) for each in items], room) == taken


@pytest.mark.parametrize(
    ("text", "most", "head"),
    [
        ("abc", 3, ("abc", False)),
        ("abcd", 3, ("abc", True)),
        ("ää", 3, ("ä", True)),
        ("", 0, ("", False)),
        ("\ud800", 1, ("\ud800", False)),
    ],
)
def test_a_head_ends_between_letters(text: str, most: int, head: tuple[str, bool]) -> None:
    assert head_of(text, most) == head
