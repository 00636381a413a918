"""The port to Git's way of comparing two texts."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from opentraces.domain.trail.text import Edit


class TextDiff(Protocol):
    """Compares texts as Git does, its indent heuristic included.

    Contract: tests/contracts/text_diff.py. Any bytes are text: a NUL is a character as others are.
    """

    @abstractmethod
    def edits(self, old: bytes, new: bytes) -> Sequence[Edit]:
        r"""Return what changed, ascending; lines end at `\n`. Equal texts: empty."""
