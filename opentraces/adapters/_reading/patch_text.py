"""What a patch in the `*** Begin Patch` grammar does to each file, as Codex reads it."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

BEGIN = "*** Begin Patch"
END = "*** End Patch"
_HEAD = re.compile(r"\*\*\* (Add|Update|Delete) File: (.{1,4096})")
_MOVE = re.compile(r"\*\*\* Move to: (.{1,4096})")
_MARKS = frozenset((" ", "+", "-", ""))

Lines = tuple[str, ...]
"""A run of lines, each behind ` `, `-` or `+`."""


class Section(NamedTuple):
    """What a patch does to one file."""

    kind: str
    """`add`, `update` or `delete`."""

    path: str
    """The file, as the patch names it."""

    moved_to: str | None
    """Its new path. None: it stays."""

    hunks: tuple[Lines, ...]
    """What changes, from top to bottom; no numbers of lines are told."""


def sections_of(patches: Iterable[str]) -> list[Section]:
    """Return what patches do, one section for each file and kind of change.

    An update that changes nothing is none.
    """
    found: dict[tuple[str, str], Section] = {}
    hunks: dict[tuple[str, str], list[Lines]] = {}
    for patch in patches:
        for section in _sections(patch):
            known = found.get(section[:2], section)
            found[section[:2]] = section._replace(moved_to=section.moved_to or known.moved_to)
            hunks.setdefault(section[:2], []).extend(section.hunks)
    return [
        section._replace(hunks=tuple(hunks[key]))
        for key, section in found.items()
        if section.kind != "update" or hunks[key] or section.moved_to
    ]


def _sections(patch: str) -> Iterator[Section]:
    """Read one patch to its end. Before a newline, a carriage return is not part of the line."""
    reading: _Reading | None = None
    for raw in patch[max(patch.find(BEGIN), 0) :].split("\n"):
        line = raw.removesuffix("\r")
        head = _HEAD.match(line)
        if reading is not None and (head is not None or line.startswith(END)):
            yield reading.section()
            reading = None
        if line.startswith(END):
            return
        if head is not None:
            reading = _Reading(head[1].lower(), head[2].strip())
        elif reading is not None:
            reading.take(line)
    if reading is not None:
        yield reading.section()


class _Reading:
    """A section whose end has not come."""

    def __init__(self, kind: str, path: str) -> None:
        self._kind = kind
        self._path = path
        self._moved_to: str | None = None
        self._hunks: list[Lines] = []
        self._lines: list[str] = []

    def take(self, line: str) -> None:
        """Take the next line. An empty one stays; at the end of a hunk it only parts hunks."""
        moved = _MOVE.match(line)
        if moved is not None and self._kind == "update":
            self._moved_to = moved[1].strip()
        elif line.startswith(("@@", "***")):
            self._close()
        elif line.startswith("+") or (self._kind == "update" and line[:1] in _MARKS):
            self._lines.append(line)

    def section(self) -> Section:
        """Return the whole of it."""
        self._close()
        return Section(self._kind, self._path, self._moved_to, tuple(self._hunks))

    def _close(self) -> None:
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        if any(line[:1] in ("+", "-") for line in self._lines):
            self._hunks.append(tuple(line or " " for line in self._lines))
        self._lines = []
