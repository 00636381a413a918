"""Edits that give a text and what is put in its place, as lines of a file."""

from collections.abc import Sequence

from opentraces.domain.trail.file_change import Hunk

MOST = 64
"""Replacements of one edit above which they are not looked for in its hunks."""

Replacement = tuple[str, str]
"""What was there, and what came."""


def plain(said: str) -> str:
    """Return a text whose lines all end in a newline alone."""
    return said.replace("\r\n", "\n").replace("\r", "\n")


def stand_in(asked: Sequence[Replacement], hunks: Sequence[Hunk]) -> bool:
    """Whether all replacements that were asked for stand in the hunks; False: too many, or none."""
    if not 0 < len(asked) <= MOST:
        return False
    before = "\0".join("\n".join((*hunk.before, "")) for hunk in hunks)
    after = "\0".join("\n".join((*hunk.after, "")) for hunk in hunks)
    return all(old in before and new in after for old, new in asked)


def hunks_for(asked: Sequence[Replacement]) -> tuple[Hunk, ...]:
    """Return replacements as hunks whose place is not told.

    The first and the last line of each may be parts of lines. Equal texts give none.
    """
    return tuple(Hunk(lines=lines) for lines in map(_lines, asked) if lines)


def _lines(replacement: Replacement) -> tuple[str, ...]:
    old, new = (side.removesuffix("\n").split("\n") if side else [] for side in replacement)
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    most -= head
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
    if not gone and not come:
        return ()
    kept = (" " + line for line in old[:head])
    rest = (" " + line for line in old[len(old) - tail :])
    return (*kept, *("-" + line for line in gone), *("+" + line for line in come), *rest)
