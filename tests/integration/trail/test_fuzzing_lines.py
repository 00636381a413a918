"""What the fuzzer itself believes of lines that are equal."""

from random import Random

import pytest

from tests.integration.trail.fuzzing.lines import Pool, keep_equal, may_be_kept


def test_a_line_that_an_edit_writes_again_is_the_old_one() -> None:
    pool = Pool(Random(0), "identical")
    one, two = pool.write(b"one", "first"), pool.write(b"two", "first")

    assert keep_equal((one, two), [b"zero", b"two", b"two"]) == [b"zero", two, b"two"]


@pytest.mark.parametrize(
    ("place", "after", "kept"),
    [
        (1, b"a x b", True),  # nothing happened
        (1, b"a b", False),  # it is gone
        (1, b"x a b", True),  # it stayed, and another went before it
        (2, b"b a x c", False),  # an equal one stands elsewhere: the shortest way keeps two others
        (1, b"x", True),  # all else is gone
        (0, b"a x b a", True),  # another one came
    ],
)
def test_whether_a_line_may_have_been_left_alone(place: int, after: bytes, *, kept: bool) -> None:
    assert may_be_kept(place, b"a x b".split(), after.split()) is kept


def test_no_text_is_written_twice_in_histories_of_unique_texts() -> None:
    pool = Pool(Random(0), "unique")
    texts = [text for _ in range(500) for text in pool.texts(4)]

    assert len(set(texts)) == len(texts)
