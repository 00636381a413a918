"""Texts to be replaced in a file, as the arguments of a call name them, or its result."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from opentraces.adapters._reading.values import objects
from opentraces.domain.trail.file_change import PARTIAL_LINES, PLACE_UNKNOWN, REPEATED

_MOST_COMPARED = 2500
"""Old lines times new ones above which they are not compared one by one."""


class Replacing(NamedTuple):
    """One text to be replaced."""

    old: str
    """What stands in the file; empty: there is no file, or it is empty."""

    new: str
    """What comes in its place."""

    everywhere: bool
    """Whether every occurrence is replaced."""


def replacings(values: dict[str, Any]) -> list[Replacing]:
    """Return what is replaced, in order; empty: it is not said, or not in texts."""
    edits = values.get("edits")
    found = map(_replacing, objects(edits) if type(edits) is list else [values])
    whole = [each for each in found if each is not None]
    return whole if type(edits) is not list or len(whole) == len(edits) else []


def _replacing(values: dict[str, Any]) -> Replacing | None:
    old = values.get("old_string", values.get("oldString"))
    new = values.get("new_string", values.get("newString"))
    if type(old) is not str or type(new) is not str:
        return None
    return Replacing(old, new, values.get("replace_all", values.get("replaceAll")) is True)


def replaced(text: str, edits: Iterable[Replacing]) -> str:
    """Return a text as Claude Code makes it of another: a line of which nothing is left goes."""
    for old, new, everywhere in edits:
        if not new and not old.endswith("\n") and f"{old}\n" in text:
            old = f"{old}\n"
        text = text.replace(old, new, -1 if everywhere else 1) if old else new
    return text


def hunks_without_place(edits: Sequence[Replacing]) -> tuple[list[dict[str, Any]], set[str]]:
    """Return a hunk's fields for each text, and what is not known of them."""
    limitations: set[str] = set()
    hunks = []
    for edit in edits:
        lines = compared(text_lines(edit.old), text_lines(edit.new))
        if not edit.old:
            hunks.append({"old_start": 0, "new_start": 1, "lines": lines})
        elif edit.old != edit.new:
            hunks.append({"lines": lines})
            limitations |= {PLACE_UNKNOWN, PARTIAL_LINES}
            limitations |= {REPEATED} if edit.everywhere else set()
    return [hunk for hunk in hunks if hunk["lines"]], limitations


def compared(old: list[str], new: list[str]) -> list[str]:
    """Return both as lines of a hunk. What both begin or end with stays."""
    begin = _alike(old, new)
    end = _alike(old[begin:][::-1], new[begin:][::-1])
    same, tail = old[:begin], old[len(old) - end :]
    old, new = old[begin : len(old) - end], new[begin : len(new) - end]
    middle: Sequence[tuple[str, int, int, int, int]]
    middle = [("replace", 0, len(old), 0, len(new))]
    if len(old) * len(new) <= _MOST_COMPARED:
        middle = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    lines = [f" {line}" for line in same]
    for kind, first, last, start, stop in middle:
        if kind == "equal":
            lines += [f" {line}" for line in old[first:last]]
        else:
            lines += [f"-{line}" for line in old[first:last]]
            lines += [f"+{line}" for line in new[start:stop]]
    return [*lines, *(f" {line}" for line in tail)]


def _alike(one: list[str], other: list[str]) -> int:
    """Return how many lines both begin with."""
    for count, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return count
    return min(len(one), len(other))


def text_lines(text: str) -> list[str]:
    """Return the lines of a text, without their newlines; a last one without it counts, too."""
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else lines
