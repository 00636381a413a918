"""Who wrote each line of a text, and how that is carried from one text to the next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from opentraces.domain.trail.text import Edits, ended, lines_of, squeezed_text, with_plain_ends

Owner = int
"""A line that a patch wrote: its number, and the line's place among those it wrote. Below 0:
see NOBODY and UNKNOWN."""

NOBODY = -1
"""Came in between two moments at which the file was seen: no patch's."""

UNKNOWN = -2
"""Was there when the file was first seen."""

NEW = -3
"""Came in with what is being taken, and has no owner yet."""

Likeness = Literal["same", "cleaned", "squeezed"]

_LINES = 24


def owner(patch: int, place: int) -> Owner:
    """Name one line of one patch."""
    return patch << _LINES | place


def patch_of(line: Owner) -> int:
    """Return the number of the patch that wrote a line; below 0: none did."""
    return line >> _LINES if line >= 0 else line


@dataclass(frozen=True)
class OwnedText:
    """What a file held at some moment, and who wrote it."""

    text: bytes
    """All of it."""

    owners: list[Owner]
    """Of each line."""

    moment: int
    """When it held that, in milliseconds since 1970."""

    likeness: Likeness = "same"
    """What it is: what the file held; what Git makes of that; its lines without white space."""

    @cached_property
    def lines(self) -> list[bytes]:
        """Its lines."""
        return lines_of(self.text)

    @cached_property
    def counts(self) -> Counter[bytes]:
        """How often each line is in it."""
        return Counter(self.lines)

    @cached_property
    def plain(self) -> "OwnedText":
        """The same with line ends as Git keeps them."""
        return OwnedText(with_plain_ends(self.text), self.owners, self.moment, likeness="cleaned")

    @cached_property
    def squeezed(self) -> "OwnedText":
        """The same with lines as formatters leave them."""
        text = squeezed_text(self.text)
        return OwnedText(text, self.owners, self.moment, likeness="squeezed")

    @property
    def patches(self) -> set[int]:
        """Numbers of the patches that wrote some of it."""
        return {patch_of(each) for each in self.owners if each >= 0}

    def carried(self, text: bytes, edits: Edits) -> list[Owner]:
        """Return the owners of another text: an unchanged line keeps its own, others are NEW."""
        if text == self.text:
            return list(self.owners)
        owners: list[Owner] = []
        at = 0
        for start, end, new_start, new_end in edits(ended(self.text), ended(text)):
            owners += self.owners[at:start]
            owners += [NEW] * (new_end - new_start)
            at = end
        return owners + self.owners[at:]


def unchanged(old: bytes, new: bytes, edits: Edits) -> dict[int, int]:
    """Return where each line of `new` that is also in `old` stands in `old`, from 0."""
    same: dict[int, int] = {}
    at = new_at = 0
    changes: Iterable[tuple[int, int, int, int]] = edits(ended(old), ended(new))
    for start, end, new_start, new_end in (*changes, _end(old, new)):
        same.update(zip(range(new_at, new_start), range(at, start), strict=False))
        at, new_at = end, new_end
    return same


def _end(old: bytes, new: bytes) -> tuple[int, int, int, int]:
    olds, news = len(lines_of(old)), len(lines_of(new))
    return (olds, olds, news, news)
