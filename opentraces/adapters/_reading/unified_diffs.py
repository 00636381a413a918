"""Unified diffs, as Git, difflib and the agents write them, read into hunks."""

import re

from opentraces.domain.trail.file_change import Hunk

_HEAD = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_MARKS = frozenset(" +-")


def hunks_of(diff: str) -> tuple[Hunk, ...] | None:
    r"""Return the hunks of a diff of one file, in its order.

    Lines end at `\n` only. Whatever stands between hunks is passed over, and so is the remark that
    a last line has no newline. None: a hunk is shorter than its head says, or holds what no line of
    a diff is, so that nothing can be built on it.
    """
    lines = diff.removesuffix("\n").split("\n")
    found: list[Hunk] = []
    at = 0
    while at < len(lines):
        head = _HEAD.match(lines[at])
        at += 1
        if head is None:
            continue
        body = _body(lines, at, _size(head[2]), _size(head[4]))
        if body is None:
            return None
        at += len(body)
        kept = tuple(line for line in body if not line.startswith("\\"))
        found.append(Hunk(old_start=int(head[1]), new_start=int(head[3]), lines=kept))
    return tuple(found)


def _size(told: str | None) -> int:
    return 1 if told is None else int(told)


def _body(lines: list[str], at: int, old: int, new: int) -> list[str] | None:
    """Return the lines of a hunk of so many old and new lines, remarks included. None: not whole.

    An empty line is one that stays: programs that trim lines leave it so.
    """
    body: list[str] = []
    for place in range(at, len(lines)):
        line = lines[place]
        if not old and not new and not line.startswith("\\"):
            break
        mark = line[:1] or " "
        if mark == "\\":
            body.append(line)
            continue
        if mark not in _MARKS:
            return None
        old -= mark != "+"
        new -= mark != "-"
        if old < 0 or new < 0:
            return None
        body.append(line or " ")
    return None if old or new else body
