"""What a call did to files, out of its arguments and its result.

The arguments of a call are JSON within JSON, so that no string of a line is a file's content: what
was written is told by its lines. A whole file that was read is shown with numbers, and is none.
Paths are of the folder in which the last command ran, which only newer releases resolve.
"""

from typing import Any

from opentraces.adapters._reading.changed_files import resolved
from opentraces.adapters._reading.patch_text import Section, sections_of
from opentraces.adapters._reading.replacements import hunks_for, plain, stand_in
from opentraces.adapters._reading.unified_diffs import hunks_of
from opentraces.adapters._reading.values import name, text, whole
from opentraces.adapters.hermes.drafts import Draft
from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, PLACE_UNKNOWN, Hunk

_LONGEST = 4 * 1024 * 1024
_BOTH = ("tool_input", "tool_result")
_HOME = "~"

Fields = dict[str, Any]
"""A FileChange's, but for `call` and `number`."""


def take_changes(draft: Draft, call: str, result: dict[str, Any], moment: int | None) -> None:
    """Take what a call that did not fail did. Without a result of the tool's own form: nothing."""
    made = draft.calls[call]
    tool, given = made["tool_name"], made["input"]
    files: list[Fields] = []
    if tool == "write_file" and whole(result.get("bytes_written")) is not None:
        files = _written(given, result)
    elif tool == "patch" and result.get("success") is True and result.get("no_change") is not True:
        is_replaced = given.get("mode") in (None, "replace")
        files = _replaced(given, result) if is_replaced else _patched(given)
    if files:
        draft.changes[call] = [{**each, "moment": moment} for each in files]


def _written(given: dict[str, Any], result: dict[str, Any]) -> list[Fields]:
    content, path = given.get("content"), _path_of(given, result)
    if type(content) is not str or path is None:
        return []
    lines = tuple("+" + line for line in content.removesuffix("\n").split("\n"))
    hunks = (Hunk(new_start=1, lines=lines),) if content else ()
    return [_write(path, hunks)]


def _replaced(given: dict[str, Any], result: dict[str, Any]) -> list[Fields]:
    """Return what was replaced: by the result's diff, or else by the arguments."""
    path, old, new = _path_of(given, result), text(given.get("old_string")), given.get("new_string")
    asked = [(plain(old), plain(new))] if old and type(new) is str else []
    said = text(result.get("diff"))
    hunks = hunks_of(said) if said else None
    if path is None:
        return []
    if hunks:
        return [_edit(path, hunks, _BOTH if stand_in(asked, hunks) else ("tool_result",))]
    hunks = hunks_for(asked)
    return [_unplaced(_edit(path, hunks, _BOTH))] if hunks else []


def _patched(given: dict[str, Any]) -> list[Fields]:
    said = given.get("patch")
    if type(said) is not str or len(said) > _LONGEST:
        return []
    return [_section(each) for each in sections_of([said])]


def _section(section: Section) -> Fields:
    path, hunks = _resolved(section.path), tuple(Hunk(lines=each) for each in section.hunks)
    if section.kind == "add":
        return _write(path, tuple(Hunk(new_start=1, lines=each) for each in section.hunks))
    if section.kind == "delete":
        return {
            "path": path,
            "operation": "delete",
            "had_file": True,
            "methods": _BOTH,
            "limitations": [BEFORE_UNKNOWN],
        }
    fields = _unplaced(_edit(path, hunks, _BOTH))
    moved = section.moved_to
    return fields | ({"path": _resolved(moved), "moved_from": path} if moved else {})


def _write(path: str, hunks: tuple[Hunk, ...]) -> Fields:
    return {
        "path": path,
        "operation": "write",
        "hunks": [hunk.as_json() for hunk in hunks],
        "methods": _BOTH,
        "limitations": [BEFORE_UNKNOWN],
    }


def _edit(path: str, hunks: tuple[Hunk, ...], methods: tuple[str, ...]) -> Fields:
    return {
        "path": path,
        "operation": "edit",
        "had_file": True,
        "hunks": [hunk.as_json() for hunk in hunks],
        "methods": methods,
    }


def _unplaced(fields: Fields) -> Fields:
    return fields | {"limitations": sorted((BEFORE_UNKNOWN, PLACE_UNKNOWN))}


def _path_of(given: dict[str, Any], result: dict[str, Any]) -> str | None:
    """Return the file as the result has it, or else as it was named. None: it has no name."""
    path = name(result.get("resolved_path"))
    listed = result.get("files_modified")
    if path is None and type(listed) is list and len(listed) == 1:
        path = name(listed[0])
    path = path or name(given.get("path"))
    return _resolved(path) if path else None


def _resolved(path: str) -> str:
    return path if path.startswith(_HOME) else resolved(path, None)
