"""What a call did to files: as an item or event says it, or else by its patch and its result.

An item says of a patch that was applied what it found and left: whole contents, and diffs with the
numbers of their lines. Releases without items, and patches that a program outside Codex applied,
are read from the patch itself, for the files that the result names. Codex does not say whether a
file that was added had been there: it is replaced without a word.
"""

from typing import Any

from opentraces.adapters._reading.changed_files import NO_CALL, moment_of, resolved, text_place
from opentraces.adapters._reading.patch_text import Section, sections_of
from opentraces.adapters._reading.unified_diffs import hunks_of
from opentraces.adapters._reading.values import inner, mapping, name, text
from opentraces.adapters.codex_cli.drafts import Draft
from opentraces.adapters.codex_cli.patches import folder_of, patches_in
from opentraces.adapters.codex_cli.scene import Scene
from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, PLACE_UNKNOWN, Hunk

_DONE = "Success. Updated the following files:"
_MARKS = {"add": "A", "update": "M", "delete": "D"}
_CALLER = "called_by"
_EVENT, _INPUT, _RESULT = "file_change_event", "tool_input", "tool_result"

Fields = dict[str, Any]
"""A FileChange's, but for `call` and `number`."""


def take_changes(
    scene: Scene, draft: Draft, call: str | None, said: dict[str, Any], item: dict[str, Any]
) -> None:
    """Read an item, or the event that says it, about files that were changed.

    `call`: None: it is not known which made them. One that failed is passed over: it may have
    changed some of them, but which is not told.
    """
    if item.get("status", "completed") != "completed" or item.get("success", True) is not True:
        return
    way = ("payload", "item") if mapping(said.get("item")) else ("payload",)
    asked = _asked(draft, call)
    claimed = _claimed(draft, asked)
    files: list[Fields] = []
    for path, change in sorted(mapping(item.get("changes")).items()):
        kind, fields = _told(scene, (*way, "changes", path), change)
        section = claimed.get((kind, resolved(path, draft.folder)))
        if section is not None:
            fields = {**(fields or _patched(section)), "methods": (_EVENT, _INPUT)}
        if fields is not None and name(path) is not None:
            files.append(_finished(scene, draft, fields, path, draft.folder))
    if files:
        draft.changes.pop(asked or NO_CALL, None)
        draft.changes[call or NO_CALL] = files
        draft.is_changed = True


def take_listed(scene: Scene, draft: Draft, call: str, seen: dict[str, Any]) -> None:
    """Take the files that a result names as changed by its call's patch, if no item told of them.

    `seen`: the Observation's fields.
    """
    listed = _listed_in(seen["content"]) if not seen.get("error") else set()
    if not listed or call in draft.changes or _has_nested(draft, call):
        return
    folder = _folder(draft, call)
    files: list[Fields] = []
    for section in _sections(draft, call):
        mark = _MARKS[section.kind]
        if {(mark, section.path), (mark, section.moved_to)} & listed:
            files.append(_finished(scene, draft, _patched(section), section.path, folder))
    if files:
        draft.changes[call] = sorted(files, key=lambda each: str(each["path"]))
        draft.is_changed = True


def _told(scene: Scene, way: tuple[str, ...], change: Any) -> tuple[str, Fields | None]:
    """Return how a file was changed, and the fields that say it. None: it is not said what came."""
    said = mapping(change)
    kind = text(said.get("type"))
    if kind is None and len(said) == 1:  # so the first releases with these events wrote them
        kind = next(iter(said))
        said, way = mapping(said[kind]), (*way, kind)
    if kind == "update":
        hunks = hunks_of(said["unified_diff"]) if text(said.get("unified_diff")) else ()
        moved = name(said.get("move_path"))
        is_told = bool(hunks) or (hunks is not None and moved is not None)
        return kind, _edit(moved, hunks or (), _EVENT) if is_told else None
    has_content = type(said.get("content")) is str
    place = text_place(scene.offset, scene.size, *way, "content") if has_content else None
    if kind == "delete":
        return kind, _delete(place, _EVENT)
    return kind or "", _write(place, (), _EVENT) if kind == "add" and place else None


def _patched(section: Section) -> Fields:
    """Return what a patch's text says: of a file's content before, and of numbers, nothing."""
    hunks = tuple(Hunk(lines=lines) for lines in section.hunks)
    if section.kind == "add":
        hunks = tuple(Hunk(new_start=1, lines=lines) for lines in section.hunks)
        return _write(None, hunks, _INPUT, _RESULT)
    if section.kind == "delete":
        return _delete(None, _INPUT, _RESULT)
    unknown = sorted((BEFORE_UNKNOWN, PLACE_UNKNOWN))
    return _edit(section.moved_to, hunks, _INPUT, _RESULT) | {"limitations": unknown}


def _edit(moved: str | None, hunks: tuple[Hunk, ...], *methods: str) -> Fields:
    return {
        "operation": "edit",
        "moved_to": moved,
        "had_file": True,
        "hunks": [hunk.as_json() for hunk in hunks],
        "methods": methods,
    }


def _write(place: Fields | None, hunks: tuple[Hunk, ...], *methods: str) -> Fields:
    return {
        "operation": "write",
        "after": place,
        "hunks": [hunk.as_json() for hunk in hunks],
        "methods": methods,
        "limitations": [BEFORE_UNKNOWN],
    }


def _delete(place: Fields | None, *methods: str) -> Fields:
    unknown = [] if place else [BEFORE_UNKNOWN]
    return {
        "operation": "delete",
        "had_file": True,
        "before": place,
        "methods": methods,
        "limitations": unknown,
    }


def _finished(scene: Scene, draft: Draft, fields: Fields, path: str, folder: str | None) -> Fields:
    """Add which file it is, and when it was changed."""
    moved = fields.pop("moved_to", None)
    own = resolved(path, folder)
    fields |= {"path": own, "moment": moment_of(scene.stamp, draft.moment)}
    return fields | ({"path": resolved(moved, folder), "moved_from": own} if moved else {})


def _asked(draft: Draft, call: str | None) -> str | None:
    """Return the call that the model made: a script's, where that made this one."""
    made = draft.calls.get(call or NO_CALL)
    outer = text(made["input"].get(_CALLER)) if made else None
    return outer if outer in draft.calls else call


def _has_nested(draft: Draft, call: str) -> bool:
    return any(_asked(draft, each) == call for each in draft.changes)


def _claimed(draft: Draft, call: str | None) -> dict[tuple[str, str], Section]:
    """Return what a call's own patch is about, by the kind of change and the file."""
    folder = _folder(draft, call)
    return {(each.kind, resolved(each.path, folder)): each for each in _sections(draft, call)}


def _sections(draft: Draft, call: str | None) -> list[Section]:
    made = draft.calls.get(call or NO_CALL)
    return sections_of(patches_in(made["tool_name"], made["input"])) if made else []


def _folder(draft: Draft, call: str | None) -> str | None:
    made = draft.calls.get(call or NO_CALL)
    return folder_of(made["tool_name"], made["input"], draft.folder) if made else draft.folder


def _listed_in(content: Any) -> set[tuple[str, str | None]]:
    """Return the files that a result names as changed, each behind its mark."""
    if type(content) is not str or _DONE not in content:
        return set()
    told = text((inner(content) or {}).get("output")) or content
    found: set[tuple[str, str | None]] = set()
    for part in told.split(f"{_DONE}\n")[1:]:
        for line in part.split("\n"):
            if line[:2] not in ("A ", "M ", "D "):
                break
            found.add((line[0], line[2:].removesuffix("\r")))
    return found
