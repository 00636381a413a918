import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.words import LONGEST, fold, has_words, is_mark, placed_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("!-_ \n", []),
        ("Get_User getName", ["get", "user", "getname"]),
        ("a/b.c:12", ["a", "b", "c", "12"]),
        ("don't", ["don", "t"]),
        ("naïve ÉTÉ Straße", ["naïve", "été", "straße"]),
        ("ΛΌΓΟΣ", ["λόγοσ"]),
        ("İx", ["i̇x"]),
        ("हिन्दी", ["हिन", "दी"]),
        ("Ⓐⅳ½", ["ⓐⅳ½"]),
        ("数字 and 🎉", ["数字", "and"]),
        ("\ud83d a", ["a"]),
        ("f" * 64, ["f" * 64]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert has_words(text) is bool(expected)


@pytest.mark.parametrize(
    ("word", "is_found"),
    [
        ("x" * LONGEST, True),
        ("x" * (LONGEST + 1), False),
        ("é" * (LONGEST // 2), True),
        ("é" * (LONGEST // 2 + 1), False),
    ],
)
def test_words_too_long_are_left_out_and_keep_their_place(word: str, is_found: bool) -> None:
    found = [(1, word)] if is_found else []

    assert placed_words(f"a {word} b") == [(0, "a"), *found, (2, "b")]
    assert has_words(word) is is_found


@given(st.text(st.characters(exclude_characters="İ")))
def test_lower_case_moves_nothing(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_marks_belong_to_words_and_are_no_letters() -> None:
    assert is_mark("\u0903")
    assert not any(is_mark(character) for character in "aé_ -\u0301")
