"""Comparing two texts in memory."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from opentraces.domain.trail.text import Edit
from opentraces.ports.text_diff import TextDiff


class MemoryTextDiff(TextDiff):
    """See TextDiff. Where several ways are as short, it may be another one than Git's."""

    def edits(self, old: bytes, new: bytes) -> Sequence[Edit]:
        """See TextDiff."""
        matcher = SequenceMatcher(None, _lines(old), _lines(new), autojunk=False)
        return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _lines(text: bytes) -> list[bytes]:
    r"""Return the lines with their `\n`, so that a last one without it is another line."""
    lines = [line + b"\n" for line in text.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
