import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.likeness import is_like


@pytest.mark.parametrize(
    ("word", "other", "distance"),
    [
        ("one", "one", 0),
        ("oen", "one", 1),
        ("on", "one", 1),
        ("onne", "one", 1),
        ("ome", "one", 1),
        ("recieve", "receive", 1),
        ("kitten", "sittin", 2),
        ("abc", "", 3),
        ("ca", "abc", 3),
    ],
)
def test_so_many_changes_and_no_fewer(word: str, other: str, distance: int) -> None:
    assert is_like(word, other, distance)
    assert not is_like(word, other, distance - 1)
    assert is_like(other, word, distance)


WORDS = st.text("abc", max_size=6)


@given(WORDS, WORDS, st.integers(0, 5))
def test_a_change_of_one_letter_is_one_more(word: str, other: str, place: int) -> None:
    changed = f"{word[:place]}x{word[place + 1 :]}"
    distance = next(n for n in range(8) if is_like(word, other, n))

    assert is_like(changed, other, distance + 1)
