"""What changed between two texts, as hunks without lines around them."""

from collections.abc import Iterable

from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.text import Edits, ended, lines_of


def hunks_between(before: bytes, after: bytes, edits: Edits) -> tuple[Hunk, ...]:
    """Return how one text became another; a last line without its newline counts as the others."""
    old, new = lines_of(before), lines_of(after)
    return tuple(
        Hunk(
            old_start=start + (start < end),
            new_start=new_start + (new_start < new_end),
            lines=(*signed("-", old[start:end]), *signed("+", new[new_start:new_end])),
        )
        for start, end, new_start, new_end in edits(ended(before), ended(after))
    )


def signed(sign: str, lines: Iterable[bytes]) -> tuple[str, ...]:
    """Return lines as text, with a sign before each."""
    return tuple(sign + line.decode("utf-8", "replace") for line in lines)
