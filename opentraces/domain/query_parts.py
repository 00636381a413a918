"""The parts of a query as they are typed or pasted, from left to right."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from opentraces.domain.query import Fuzzy, Is, Leaf, Not, Phrase, Prefix, Term
from opentraces.domain.query_fields import is_name, read_field, read_time
from opentraces.domain.words import fold, has_words, placed_words

SHORTEST_NEGATED = 3
"""Characters; a shorter word behind a dash is text, as in `rm -rf`."""

_SHORTEST_PREFIX, _SHORTEST_FUZZY = 2, 3
_DEEPEST = 16
_LONGEST_NAME = len("project:")
_SPACE = re.compile(r"\s")
_OF_COMMANDS = re.compile(r"[=|;$`]|&&|://|\A\.\Z")
"""In `count=1`, `|`, a URL, `.`: words of commands, in which a dash is no "not"."""

_FUZZY = re.compile(r"(.+)~([12]?)", re.DOTALL)


class Mark(Enum):
    """What stands between parts."""

    OPEN = "("
    """A group begins."""

    DENY = "-("
    """A group begins that must not hold."""

    CLOSE = ")"
    """A group ends."""

    OR = "OR"
    """One of the parts on both sides is enough."""


class Time(NamedTuple):
    """A `since:` or `until:`."""

    name: str
    """Which of the two."""

    moment: int
    """Milliseconds since 1970."""


Part = Leaf | Not | Time | Mark


def parts_of(text: str, now: datetime, *, is_command: bool = False) -> Iterator[Part]:
    """Read a text. In one of several lines, which was pasted, nothing but fields is special.

    `is_command`: a dash before a word belongs to it.
    """
    reading = _Reading(text, now, is_pasted="\n" in text.strip(), is_command=is_command)
    at = _skipped(text, 0)
    while at < len(text):
        part, at = reading.part(at)
        yield part
        at = _skipped(text, at)


def is_of_a_command(part: Part) -> bool:
    """Whether it is a word that stands in commands, and not in what people look for with `-not`."""
    word = part.clause if isinstance(part, Not) else part
    if isinstance(word, Phrase) and not word.text.startswith("-"):
        return False
    return isinstance(word, Term | Phrase) and _OF_COMMANDS.search(word.text) is not None


def says_something(part: Leaf | Not) -> bool:
    """Whether it can make a difference: a text without words is nowhere."""
    if isinstance(part, Term | Phrase):
        return has_words(part.text)
    return (
        not isinstance(part, Not)
        or not isinstance(part.clause, Term | Phrase)
        or (has_words(part.clause.text))
    )


def as_phrase(text: str) -> Phrase:
    """Return a text as words in a row, written so that it is read as that again."""
    return Phrase(" ".join(text.replace('"', " ").split()))


class _Reading:
    """A text that is being read."""

    def __init__(self, text: str, now: datetime, *, is_pasted: bool, is_command: bool) -> None:
        self._text = text
        self._now = now
        self._is_pasted = is_pasted
        self._is_command = is_command
        self._depth = 0

    def part(self, at: int) -> tuple[Part, int]:
        """Read the part that begins at a place; returns it, and where it ends."""
        marked = None if self._is_pasted else self._mark(at) or self._negation(at)
        return marked or self._phrase(at) or self._field(at) or self._plain(at)

    def _mark(self, at: int) -> tuple[Mark, int] | None:
        if self._depth < _DEEPEST:
            for mark in (Mark.OPEN, Mark.DENY):
                if self._text.startswith(mark.value, at):
                    self._depth += 1
                    return mark, at + len(mark.value)
        if self._depth and not self._run(at):
            self._depth -= 1
            return Mark.CLOSE, at + 1
        return (Mark.OR, at + 2) if self._run(at) == Mark.OR.value else None

    def _negation(self, at: int) -> tuple[Not, int] | None:
        text = self._text
        if not text.startswith("-", at):
            return None
        part, end = self._phrase(at + 1) or self._field(at + 1) or self._plain(at + 1)
        if isinstance(part, Time) or not says_something(part):
            return None
        is_marked = isinstance(part, Is) or text[at + 1] == '"'
        is_long = end - at > SHORTEST_NEGATED and not self._is_command
        is_word = is_long and _is_plain_word(part)
        return (Not(part), end) if is_word or is_marked else None

    def _phrase(self, at: int) -> tuple[Phrase, int] | None:
        """Read a text in quotes; a quote that is never closed is an ordinary character."""
        text = self._text
        end = text.find('"', at + 1) if text.startswith('"', at) else -1
        return (as_phrase(text[at + 1 : end]), end + 1) if end > 0 else None

    def _field(self, at: int) -> tuple[Is | Time, int] | None:
        name, colon, _ = self._text[at : at + _LONGEST_NAME].partition(":")
        if not colon or not is_name(name):
            return None
        start = at + len(name) + 1
        quoted = self._phrase(start)
        value = quoted[0].text if quoted else self._run(start)
        end = quoted[1] if quoted else start + len(value)
        if not value:
            return None
        moment = read_time(name, value, self._now)
        if moment is not None:
            return Time(name, moment), end
        part = read_field(name, value, quoted=bool(quoted))
        return (part, end) if part else None

    def _plain(self, at: int) -> tuple[Term | Phrase | Prefix | Fuzzy, int]:
        """Read up to the next space; a phrase when, elsewhere, it would not be read as one term."""
        run = self._run(at)
        end = at + len(run)
        name, _, value = run.removeprefix("-").partition(":")
        loose = _prefix(run) or _fuzzy(run)
        if loose is not None and not self._is_pasted:
            return loose, end
        is_special = run.startswith(("-", '"', "(")) or run == Mark.OR.value or loose is not None
        is_term = not (is_special or (is_name(name) and value))
        return (Term(run) if is_term else as_phrase(run)), end

    def _run(self, at: int) -> str:
        """Return what stands there up to the next space; in a group, up to what ends it."""
        space = _SPACE.search(self._text, at)
        run = self._text[at : space.start() if space else len(self._text)]
        while self._depth and run.endswith(")") and run.count(")") > run.count("("):
            run = run[:-1]
        return run


def _prefix(run: str) -> Prefix | None:
    body = run.removesuffix("*")
    is_meant = body != run and len(body) >= _SHORTEST_PREFIX and _is_word(body)
    return Prefix(body) if is_meant else None


def _fuzzy(run: str) -> Fuzzy | None:
    """Read `word~`; what is all capitals or digits is no word of a language: `HEAD~2`."""
    found = _FUZZY.fullmatch(run)
    if found is None or len(found[1]) < _SHORTEST_FUZZY or not _is_word(found[1]):
        return None
    is_code = found[1].isupper() or found[1].isdigit()
    return None if is_code else Fuzzy(found[1], int(found[2] or 1))


def _is_plain_word(part: Leaf) -> bool:
    """Whether it is one word of small letters: what else begins with a dash is an option."""
    if not isinstance(part, Term | Prefix | Fuzzy):
        return False
    return part.text.isalpha() and part.text == part.text.lower()


def _is_word(text: str) -> bool:
    """Whether it is one word, and nothing beside."""
    placed = placed_words(text)
    return len(placed) == 1 and placed[0][1] == fold(text)


def _skipped(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip())
