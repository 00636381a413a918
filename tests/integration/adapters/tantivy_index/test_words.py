"""The engine cuts texts as the domain says: no word is asked for in vain."""

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.tantivy_index.schema import words_analyzer
from opentraces.domain.words import placed_words, words

ANALYZER = words_analyzer()

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cn"])
TEXTS = st.text(st.one_of(LETTERS, st.sampled_from("ab_-. \nİΣςe\u0301\u0903ⒶⅣ٣")), max_size=40)


def in_python(text: str) -> list[tuple[int, str]]:
    return placed_words(text)


def in_the_engine(text: str) -> list[tuple[int, str]]:
    tokens = ANALYZER.pre_tokenize(text).tokens
    return [(token.position, token.text) for token in tokens]


@given(TEXTS)
def test_words_and_their_places_are_the_same(text: str) -> None:
    assert in_python(text) == in_the_engine(text)
    assert words(text) == ANALYZER.analyze(text)


def test_every_character_is_cut_alike() -> None:
    known = (
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs")
    )
    text = " ".join(f"a{character}b" for character in known)

    assert words(text) == ANALYZER.analyze(text)


@given(st.integers(60, 70), st.sampled_from(["a", "é", "数", "🄰"]))
def test_the_longest_word_is_measured_alike(length: int, letter: str) -> None:
    text = f"x {letter * length * 4} {letter * length} {letter * 255} {letter * 256} y"

    assert in_python(text) == in_the_engine(text)
