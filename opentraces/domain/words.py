"""What a word is: the one rule by which texts and queries are cut, indexed and marked.

A word is a longest run of letters and digits, in lower case. So `get_user` is two words, and
`a/b.c` three; who asks for such a text asks for its words in a row.
"""

import re
from functools import cache

from opentraces.domain.word_marks import MARKS

LONGEST = 255
"""Bytes, in UTF-8, of the longest word that can be found; longer ones only take their place."""

_SIGMA, _SIGMA_LOWER = "\u03a3", "\u03c3"

LETTER = r"[^\W_]"
"""A letter or digit, as a regular expression; for text in which no mark stands."""


PlacedWords = list[tuple[int, str]]
"""Words, each with its place."""


def words(text: str) -> list[str]:
    """Return the words of a text, in order, those that are too long left out."""
    return [word for _, word in placed_words(text)]


def placed_words(text: str) -> PlacedWords:
    """Return the words of a text, each with its place among all, the too long ones counted."""
    found = _runs(text).findall(text.replace("_", " "))
    return [(place, fold(word)) for place, word in enumerate(found) if is_findable(word)]


def distinct_words(text: str) -> set[str]:
    """Return the words of a text, each once, those that are too long left out."""
    found = set(_runs(text).findall(text.replace("_", " ")))
    return {fold(word) for word in found if is_findable(word)}


def has_words(text: str) -> bool:
    """Whether anything of the text can be found."""
    return any(is_findable(word) for word in _runs(text).findall(text.replace("_", " ")))


def stands_in(asked: str, text: str) -> int:
    """Return how often the words of `asked` stand in a row; 0 when it has none."""
    return count_row(placed_words(asked), placed_words(text))


def count_row(wanted: PlacedWords, standing: PlacedWords) -> int:
    """Return how often some words stand in a row among others; 0 of none."""
    there = dict(standing)
    return sum(
        all(there.get(place + at - wanted[0][0]) == word for at, word in wanted)
        for place in (there if wanted else ())
    )


def fold(text: str) -> str:
    """Return the text in lower case, letter by letter: a sigma at the end is a sigma."""
    return text.lower() if text.isascii() else text.replace(_SIGMA, _SIGMA_LOWER).lower()


def is_findable(word: str) -> bool:
    """Whether a word is short enough to be found."""
    return len(word) <= LONGEST // 4 or len(word.encode("utf-8", "replace")) <= LONGEST


def is_mark(character: str) -> bool:
    """Whether a character belongs to words, although Python does not say so."""
    return not character.isascii() and _mark().match(character) is not None


def _runs(text: str) -> re.Pattern[str]:
    return _plain() if text.isascii() else _full()


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(r"\w+")


@cache
def _full() -> re.Pattern[str]:
    """Any text; made only when one needs it, for it costs a millisecond."""
    return re.compile(rf"[\w{MARKS}]+")


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(rf"[{MARKS}]")
