"""The piece of a text that shows why it was found: one line, with « » around what was."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from opentraces.domain.query import Clause, Phrase, Term
from opentraces.domain.search import Place
from opentraces.domain.words import LETTER, LONGEST, fold, is_mark, placed_words

WIDTH = 160
"""Characters of a snippet, the « » and … not counted."""

_MOST_FINDS = 2000
"""Of a word that stands everywhere, so many places are looked at."""

_CONTEXT = 4
"""So many times the width is looked at on each side: white space is folded away."""

_SPACE = re.compile(r"\s+")

_DOTTED = "\ua7f8"
"""A letter that nobody writes, for the one that is two characters in lower case: no place moves."""


class _Find(NamedTuple):
    """A place where a clause was found."""

    start: int
    end: int
    clause: int


def snippet(text: str, clauses: Iterable[Clause], width: int = WIDTH) -> str | None:
    """Return the piece of `text` that holds the most of what is asked for, found words marked.

    None: nothing of it is there.
    """
    finds = _finds(text, clauses)
    return _shown(text, _best(_apart(finds), width), width) if finds else None


def richest_snippet(
    texts: Mapping[Place, str], clauses: Iterable[Clause], width: int = WIDTH
) -> tuple[Place, str] | None:
    """Return the place that holds the most of what is asked for, and its snippet.

    None: nothing of it is in any place.
    """
    asked = tuple(clauses)
    found = [(place, finds) for place, text in texts.items() if (finds := _finds(text, asked))]
    if not found:
        return None
    place, finds = max(found, key=lambda item: len({find.clause for find in item[1]}))
    return place, _shown(texts[place], _best(_apart(finds), width), width)


def opening(text: str, width: int = WIDTH) -> str:
    """Return how a text begins: one line, with … where it is cut."""
    seen = text.lstrip()[: width * _CONTEXT]
    return _head(" ".join(seen.split()), width, is_cut=len(text.strip()) > len(seen))


def _finds(text: str, clauses: Iterable[Clause]) -> list[_Find]:
    """Return where the clauses stand, in order."""
    level = fold(text.replace("İ", _DOTTED))
    found = [
        _Find(match.start(), match.end(), number)
        for number, clause in enumerate(clauses)
        if isinstance(clause, Term | Phrase) and (pattern := _pattern(clause.text)) is not None
        for match in islice(_whole(pattern, level), _MOST_FINDS)
    ]
    return sorted(found, key=lambda find: (find.start, -find.end))


@lru_cache(maxsize=64)
def _pattern(asked: str) -> re.Pattern[str] | None:
    """Return what finds these words in a row, in text that is levelled. None: there are none."""
    placed = placed_words(asked)
    if not placed:
        return None
    parts = [_literal(placed[0][1])]
    for (before, _), (place, word) in pairwise(placed):
        skipped = rf"[\W_]+{LETTER}{{{LONGEST // 4},}}" * (place - before - 1)
        parts.append(rf"{skipped}[\W_]+{_literal(word)}")
    return re.compile(rf"{''.join(parts)}(?!{LETTER})")


def _literal(word: str) -> str:
    return re.escape(word.replace("i̇", _DOTTED))


def _whole(pattern: re.Pattern[str], level: str) -> Iterator[re.Match[str]]:
    """Yield the matches that are not part of longer words.

    What stands before a match is looked at here, and not by the pattern: it begins with its word,
    so that the engine can leap to it.
    """
    for match in pattern.finditer(level):
        start, end = match.span()
        before, after = level[start - 1 : start], level[end : end + 1]
        if not (before.isalnum() or is_mark(before) or is_mark(after)):
            yield match


def _apart(finds: Sequence[_Find]) -> list[_Find]:
    """Return the finds that do not stand in one before them."""
    apart: list[_Find] = []
    for find in finds:
        if not apart or find.start >= apart[-1].end:
            apart.append(find)
    return apart


def _best(finds: Sequence[_Find], width: int) -> Sequence[_Find]:
    """Return the finds within `width` that are of the most clauses, then the most."""
    best, worth, first = (0, 1), (0, 0), 0
    inside: Counter[int] = Counter()
    for last, find in enumerate(finds):
        inside[find.clause] += 1
        while first < last and find.end - finds[first].start > width:
            inside[finds[first].clause] -= 1
            first += 1
        here = (sum(count > 0 for count in inside.values()), last - first)
        if here > worth:
            best, worth = (first, last + 1), here
    return finds[best[0] : best[1]]


def _shown(text: str, finds: Sequence[_Find], width: int) -> str:
    """Return the finds with what stands between and around them, as one line."""
    start, end = finds[0].start, finds[-1].end
    core, spare = _marked(text, finds, width)
    if spare < 0:
        return f"{'…' if text[:start].strip() else ''}{core}…"
    left, right = text[max(start - width * _CONTEXT, 0) : start], text[end : end + width * _CONTEXT]
    before, after = _line(left).lstrip(), _line(right).rstrip()
    room = max(spare // 2, spare - len(after))
    head = _tail(before, room, is_cut=start > len(left))
    rest = spare - min(len(before), room)
    return f"{head}{core}{_head(after, rest, is_cut=end + len(right) < len(text))}"


def _marked(text: str, finds: Sequence[_Find], width: int) -> tuple[str, int]:
    """Return the finds and what stands between them, and how much of the width is left.

    Less than 0: so much more there was.
    """
    shown, spare = "", width
    for piece, is_found in _pieces(text, finds):
        if part := piece[: max(spare, 0)]:
            shown += f"«{part}»" if is_found else part
        spare -= len(piece)
    return shown, spare


def _pieces(text: str, finds: Sequence[_Find]) -> list[tuple[str, bool]]:
    """Cut a text into what was found and what was not; finds beside each other are one."""
    pieces: list[tuple[str, bool]] = []
    end = finds[0].start
    for find in finds:
        gap, found = _line(text[end : find.start]), _line(text[find.start : find.end])
        if pieces and not gap.strip():
            pieces[-1] = (f"{pieces[-1][0]}{gap}{found}", True)
        else:
            pieces += [(gap, False), (found, True)]
        end = find.end
    return pieces


def _line(text: str) -> str:
    return _SPACE.sub(" ", text)


def _tail(line: str, room: int, *, is_cut: bool) -> str:
    """Return the end of a line, at most `room` characters; with … when something is missing."""
    if len(line) <= room:
        return f"…{line}" if is_cut else line
    kept = line[len(line) - room :]
    space = kept.find(" ", 0, room // 2)
    return f"…{kept[space + 1 :]}"


def _head(line: str, room: int, *, is_cut: bool) -> str:
    """Return the begin of a line, at most `room` characters; with … when something is missing."""
    if len(line) <= room:
        return f"{line}…" if is_cut else line
    kept = line[:room]
    space = kept.rfind(" ", room // 2)
    return f"{kept[:space] if space > 0 else kept}…"
