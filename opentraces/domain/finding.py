"""Where in texts stands what was asked for, as the index finds it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from opentraces.domain.identifiers import rows_asked, rows_of
from opentraces.domain.likeness import is_like
from opentraces.domain.query import Clause, Fuzzy, Is, Phrase, Prefix, Term
from opentraces.domain.reach import wanted
from opentraces.domain.search import Place
from opentraces.domain.words import (
    LETTER,
    LONGEST,
    PlacedWords,
    distinct_words,
    fold,
    is_mark,
    placed_words,
)

_MOST_FINDS = 2000
"""Of a word that stands everywhere, so many places are looked at."""

_MOST_ALIKE = 20
"""Of words that are nearly what is asked for, so many different ones are looked for."""

_DOTTED = "\ua7f8"
"""A letter that nobody writes, for the one that is two characters in lower case: no place moves."""

_REST_OF_PART = re.compile("[a-z0-9]*")

_Text = Term | Phrase | Prefix | Fuzzy
_Rule = Callable[[str, str, int, int], bool]


class Find(NamedTuple):
    """A place where a clause was found."""

    start: int
    """Where it begins: characters from the start of the text."""

    end: int
    """Where it ends, this character not included."""

    clause: int
    """Which of the texts asked for, from 0."""


def finds_in(texts: Mapping[Place, str], clauses: Iterable[Clause]) -> dict[Place, list[Find]]:
    """Return where the clauses stand in each text, in order.

    What is nowhere a word by itself is looked for as a part of names: `user` in `getUserName`.
    """
    asked = [leaf for leaf in wanted(clauses) if not isinstance(leaf, Is)]
    found = {
        place: list(_finds(text, enumerate(asked), _is_whole)) for place, text in texts.items()
    }
    told = {find.clause for finds in found.values() for find in finds}
    if missing := [(n, leaf) for n, leaf in enumerate(asked) if n not in told]:
        for place, text in texts.items():
            found[place] += _finds(text, missing, _is_part)
    return {place: sorted(finds, key=_order) for place, finds in found.items()}


def _order(find: Find) -> tuple[int, int]:
    return find.start, -find.end


def _finds(text: str, asked: Iterable[tuple[int, _Text]], rule: _Rule) -> Iterator[Find]:
    marked = text if text.isascii() else text.replace("İ", _DOTTED)
    level = fold(marked)
    is_part = rule is _is_part
    for number, leaf in asked:
        for pattern in _patterns(leaf, text, is_part=is_part):
            matches: Iterable[tuple[int, int]] = (m.span() for m in pattern.finditer(level))
            if is_part and isinstance(leaf, Prefix):
                matches = ((a, _part_end(marked, b)) for a, b in matches)
            apart = ((a, b) for a, b in matches if rule(marked, level, a, b))
            yield from (Find(a, b, number) for a, b in islice(apart, _MOST_FINDS))


def _patterns(leaf: _Text, text: str, *, is_part: bool) -> Sequence[re.Pattern[str]]:
    """Return what finds it in text that is levelled, whatever stands around it."""
    if not isinstance(leaf, Fuzzy):
        return _exact(leaf, is_part=is_part)
    asked = fold(leaf.text)
    near = range(len(asked) - leaf.distance, len(asked) + leaf.distance + 1)
    known = " ".join(rows_of([text])).split() if is_part else distinct_words(text)
    alike = {word for word in known if len(word) in near and is_like(word, asked, leaf.distance)}
    return [_row([(0, word)], is_part=is_part) for word in sorted(alike)[:_MOST_ALIKE]]


@lru_cache(maxsize=64)
def _exact(leaf: Term | Phrase | Prefix, *, is_part: bool) -> Sequence[re.Pattern[str]]:
    if isinstance(leaf, Prefix):
        end = "" if is_part else f"{LETTER}*"
        return [re.compile(f"{_literal(fold(leaf.text))}{end}")]
    rows = rows_asked(leaf.text) if isinstance(leaf, Term) else [placed_words(leaf.text)]
    return [_row(row, is_part=is_part) for row in rows if row]


def _row(placed: PlacedWords, *, is_part: bool) -> re.Pattern[str]:
    """Return what finds these words in a row; in names nothing needs to part them."""
    between = r"[\W_]*" if is_part else r"[\W_]+"
    parts = [_literal(placed[0][1])]
    for (before, _), (place, word) in pairwise(placed):
        skipped = rf"[\W_]+{LETTER}{{{LONGEST // 4},}}" * (place - before - 1)
        parts.append(rf"{skipped}{between}{_literal(word)}")
    return re.compile("".join(parts) if is_part else rf"{''.join(parts)}(?!{LETTER})")


def _literal(word: str) -> str:
    return re.escape(word.replace("i̇", _DOTTED))


def _is_whole(_: str, level: str, start: int, end: int) -> bool:
    """Whether a match is not part of longer words.

    What stands before a match is looked at here, and not by the pattern: it begins with its word,
    so that the engine can leap to it.
    """
    before, after = level[start - 1 : start], level[end : end + 1]
    return _is_apart(before) and not is_mark(after)


def _is_part(text: str, _: str, start: int, end: int) -> bool:
    """Whether a match is a part of a name, or of several: capitals part them."""
    before, after = text[start - 1 : start], text[end : end + 1]
    begins = _is_apart(before) or (before.isascii() and text[start].isupper())
    return begins and (_is_apart(after) or (after.isascii() and after.isupper()))


def _part_end(text: str, at: int) -> int:
    """Return where the part of a name ends that goes on at a place."""
    rest = _REST_OF_PART.match(text, at)
    return rest.end() if rest else at


def _is_apart(character: str) -> bool:
    """Whether a character stands in no word; also none at all."""
    return not (character.isalnum() or is_mark(character))
