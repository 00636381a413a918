"""Hunks put into the text that they were made for; or nothing, where they do not fit."""

from collections.abc import Sequence

from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.text import ended, lines_of


def applied(text: bytes, hunks: Sequence[Hunk], *, is_old: bool = False) -> bytes | None:
    """Return the text after all of the hunks. None: one of them does not fit, or not in one way.

    Hunks go to their places, where all fit there to the letter; else each must fit in one place
    alone. `is_old`: the text may have changed since: hunks that do not fit their places say so.
    """
    if all(hunk.old_start is not None for hunk in hunks):
        placed = _placed(lines_of(text), hunks)
        if placed is not None or is_old:
            return _joined(placed) if placed is not None else None
    for hunk in hunks:
        replaced = _replaced(text, hunk)
        if replaced is None:
            return None
        text = replaced
    return text


def unapplied(text: bytes, hunks: Sequence[Hunk]) -> bytes | None:
    """Return the text before all of the hunks, likewise."""
    return applied(text, [_turned(hunk) for hunk in hunks])


def _turned(hunk: Hunk) -> Hunk:
    signs = {"+": "-", "-": "+"}
    lines = tuple(signs.get(line[:1], line[:1]) + line[1:] for line in hunk.lines)
    return Hunk(old_start=hunk.new_start, new_start=hunk.old_start, lines=lines)


def _placed(lines: list[bytes], hunks: Sequence[Hunk]) -> list[bytes] | None:
    done: list[bytes] = []
    at = 0
    for hunk in hunks:
        before = _encoded(hunk.before)
        start = (hunk.old_start or 0) - (1 if before else 0)
        if start < at or lines[start : start + len(before)] != before:
            return None
        done += lines[at:start]
        done += _encoded(hunk.after)
        at = start + len(before)
    return done + lines[at:]


def _replaced(text: bytes, hunk: Hunk) -> bytes | None:
    before, after = (b"\n".join(_encoded(lines)) for lines in (hunk.before, hunk.after))
    whole = ended(text)
    if not before or whole.count(before) != 1:
        return None
    if not hunk.after and before + b"\n" in whole:
        before += b"\n"  # lines that go leave no empty one
    return whole.replace(before, after)


def _encoded(lines: Sequence[str]) -> list[bytes]:
    return [line.encode("utf-8", "replace") for line in lines]


def _joined(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
