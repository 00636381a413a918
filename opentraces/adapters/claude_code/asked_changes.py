"""What calls did to files, as far as their arguments tell: of results that say no more."""

from typing import Any, NamedTuple

from opentraces.adapters._reading.changed_files import resolved, text_place
from opentraces.adapters._reading.values import mapping, name
from opentraces.adapters.claude_code.file_changes import Fields
from opentraces.adapters.claude_code.replacing import hunks_without_place, replacings
from opentraces.domain.trail.file_change import AFTER_UNKNOWN, BEFORE_UNKNOWN, PLACE_UNKNOWN

CHANGING = frozenset(("Edit", "MultiEdit", "Write", "NotebookEdit"))
"""Tools whose arguments say what becomes of a file."""

_CREATED = "File created successfully"
_UPDATED = " has been updated"


class Asked(NamedTuple):
    """A call, and where it stands. Every field is a value that JSON can hold."""

    offset: int
    """Where its line begins: bytes from the start of the source."""

    length: int
    """Bytes of the line, its newline not counted."""

    block: int
    """Its place among the blocks of the line, from 0."""

    is_whole: bool
    """Whether all its arguments were taken over as they are."""

    has_content: bool
    """Whether it says, as a text, all that a file shall hold."""


def asked(block: dict[str, Any], given: dict[str, Any], line: tuple[int, int, int]) -> Asked:
    """Return a call; `given` is what was taken over of its arguments, `line` its place."""
    raw = block.get("input")
    return Asked(*line, given == raw, type(mapping(raw).get("content")) is str)


def change_asked(
    call: dict[str, Any], place: Asked, said: str | None, folder: str | None, moment: int | None
) -> Fields | None:
    """Return what a call did to a file, if it was done as asked. None: it does not say.

    `said` is what the model was told of it.
    """
    given = call["input"]
    path = name(given.get("file_path")) or name(given.get("notebook_path"))
    if path is None:
        return None
    tool = call["tool_name"]
    change = _write(place, said or "") if tool == "Write" else _edit(given, place, tool)
    return {
        **change,
        "path": resolved(path, folder),
        "moment": moment,
        "methods": ("tool_input",),
        "limitations": tuple(sorted(change["limitations"])),
    }


def _write(place: Asked, said: str) -> Fields:
    is_new = said.startswith(_CREATED)
    limitations = set() if is_new else {BEFORE_UNKNOWN}
    if not place.has_content:
        limitations.add(AFTER_UNKNOWN)
    way = ("message", "content", place.block, "input", "content")
    after = text_place(place.offset, place.length, *way) if place.has_content else None
    had_file = False if is_new else True if _UPDATED in said else None
    return {
        "operation": "write",
        "had_file": had_file,
        "after": after,
        "limitations": limitations,
    }


def _edit(given: dict[str, Any], place: Asked, tool: str) -> Fields:
    edits = replacings(given) if place.is_whole and tool != "NotebookEdit" else []
    hunks, limitations = hunks_without_place(edits)
    is_empty = bool(edits) and not edits[0].old
    if not is_empty:
        limitations |= {BEFORE_UNKNOWN, PLACE_UNKNOWN}
    if not edits:
        limitations.add(AFTER_UNKNOWN)
    return {
        "operation": "edit",
        "had_file": None if is_empty else True,
        "hunks": hunks,
        "limitations": limitations,
    }
