"""How much of a file is in another one, as Git estimates it for renames."""

import re
from collections import Counter

from opentraces.adapters.git.plain_text import is_text
from opentraces.domain.slotted import frozen_dataclass

WHOLE = 60_000
"""What two equal files are told."""

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_LONGEST = 64


@frozen_dataclass
class Content:
    """One file, made ready to be compared with others."""

    size: int
    """In bytes."""

    spans: Counter[bytes]
    """Bytes by piece: lines, and 64 bytes of long ones; of `\\r\\n` in a text only the `\\n`."""


def content_of(data: bytes) -> Content:
    """Make a file ready."""
    text = data.replace(b"\r\n", b"\n") if is_text(data) else data
    spans: Counter[bytes] = Counter()
    for line in _LINE.findall(text):
        if len(line) <= _LONGEST:
            spans[line] += len(line)
            continue
        for start in range(0, len(line), _LONGEST):
            span = line[start : start + _LONGEST]
            spans[span] += len(span)
    return Content(len(data), spans)


def likeness(old: Content, new: Content, least: int) -> int:
    """Return how much of the larger file is in the other one, of `WHOLE`; 0: less than `least`."""
    most, fewest = max(old.size, new.size), min(old.size, new.size)
    if not fewest or most * (WHOLE - least) < (most - fewest) * WHOLE:
        return 0
    after = new.spans
    copied = sum(min(size, after[span]) for span, size in old.spans.items() if span in after)
    score = copied * WHOLE // most
    return score if score >= least else 0
