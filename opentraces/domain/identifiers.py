"""Names in code that are several words: `getUserName` is `get`, `user`, `name`.

Only where capitals part them; what `_` or `.` parts are words of their own already.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from opentraces.domain.words import PlacedWords, fold, placed_words

MOST = 400
"""Of one text so many names are looked at, the first ones."""

_LONGEST = 64
_MOST_PARTS = 8
_MOST_NUMBERS = 2
"""What has more is no name that anyone gave, but a key or a digest."""

_KINDS = bytes(
    ord("A" if chr(code).isupper() else "a") if code < 128 and chr(code).isalnum() else ord(" ")
    for code in range(256)
)
"""Of each byte, what it is: a capital, another letter or a digit, or none of them."""

_HUMPS = (b"aA", b"AAa")
"""Where one part of a name may end and another begin."""

_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


def rows_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the parts of each name in some texts, in lower case, with spaces between them."""
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(_names(text))
    return tuple(row for name in found if (row := row_of(name)))


@lru_cache(maxsize=16_384)
def row_of(name: str) -> str:
    """Return the parts of a name, in lower case, with spaces between; empty: it has none."""
    if len(name) > _LONGEST or name[:1].isdigit() or not (name.isascii() and name.isalnum()):
        return ""
    parts = _PART.findall(name)
    is_name = 1 < len(parts) <= _MOST_PARTS and len(_NUMBER.findall(name)) <= _MOST_NUMBERS
    return fold(" ".join(parts)) if is_name else ""


def rows_asked(term: str) -> list[PlacedWords]:
    """Return each row of words that a term asks for: its own, and the parts of a name."""
    row = placed_words(term)
    parts = row_of(term) if len(row) == 1 else ""
    return [row, placed_words(parts)] if parts else [row]


def _names(text: str) -> list[str]:
    """Return what may be names of several parts, each once: in few calls, for there is much."""
    plain = text.encode("utf-8", "replace")
    kinds = plain.translate(_KINDS)
    found: dict[bytes, int] = {}
    for hump in _HUMPS:
        at = kinds.find(hump)
        while at >= 0 and len(found) < MOST:
            begin, end = kinds.rfind(b" ", 0, at) + 1, kinds.find(b" ", at)
            found.setdefault(plain[begin : end if end >= 0 else None], begin)
            at = kinds.find(hump, end) if end >= 0 else -1
    return [name.decode("ascii") for name in sorted(found, key=found.__getitem__)]
