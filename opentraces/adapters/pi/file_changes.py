"""What a call did to a file, or was shown of a whole one, out of its arguments and its result.

Pi compares and shows texts without carriage returns: in a file that has them, the lines of an edit
are without. It does not say whether a file that was written had been there.
"""

import re
from typing import Any
from urllib.parse import unquote

from opentraces.adapters._reading.changed_files import moment_of, resolved, text_place
from opentraces.adapters._reading.replacements import hunks_for, plain, stand_in
from opentraces.adapters._reading.unified_diffs import hunks_of
from opentraces.adapters._reading.values import mapping, name, objects, text
from opentraces.adapters.pi.display_diffs import hunks_in
from opentraces.adapters.pi.drafts import Draft
from opentraces.adapters.pi.scene import Scene
from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, PLACE_UNKNOWN

_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_HOME = re.compile(r"~(/|\Z)")
_URL = "file://"
_IMAGE = "Read image file ["
_REPLACED = "\ufffd"

Fields = dict[str, Any]
"""A FileChange's, but for `call` and `number`."""


def note_content(scene: Scene, draft: Draft, call: str, part: dict[str, Any], at: int) -> None:
    """Keep where the content stands that a call writes; `at`: the part's place in its message."""
    given = mapping(part.get("arguments"))
    if part.get("name") == "write" and type(given.get("content")) is str:
        way = ("message", "content", at, "arguments", "content")
        draft.places[call] = text_place(scene.offset, scene.size, *way)


def take_change(scene: Scene, draft: Draft, call: str, message: dict[str, Any]) -> None:
    """Take what a call that did not fail did; `message` is its result.

    Empty: the result is too long to be read.
    """
    made = next((each for each in draft.calls if each["tool_call_id"] == call), {})
    given = mapping(made.get("input"))
    path = name(given.get("path"))
    fields: Fields | None = None
    if path is None:
        return
    if made["tool_name"] == "write":
        fields = _written(draft.places.get(call))
    elif made["tool_name"] == "edit":
        fields = _edited(given, mapping(message.get("details")))
    elif made["tool_name"] == "read":
        fields = _shown(scene, given, message)
    if fields is not None:
        folder = next(iter(scene.tally.folders), None)
        fields["path"] = _path_of(path, folder)
        fields["moment"] = moment_of(scene.stamp, draft.moment)
        draft.changes[call] = [fields]


def _written(place: dict[str, Any] | None) -> Fields | None:
    """Return that a whole file was given. None: where its content stands is not known."""
    if place is None:
        return None
    return {
        "operation": "write",
        "after": place,
        "methods": ["tool_input"],
        "limitations": [BEFORE_UNKNOWN],
    }


def _edited(given: dict[str, Any], details: dict[str, Any]) -> Fields | None:
    """Return what was replaced: by the result's patch, or by what it shows, or by the arguments."""
    asked = _edits(given)
    said, seen = text(details.get("patch")), text(details.get("diff"))
    hunks = (hunks_of(said) if said else None) or (hunks_in(seen) if seen else None)
    methods = ["tool_result"]
    if hunks and stand_in(asked, hunks):
        methods = ["tool_input", "tool_result"]
    fields: Fields = {"operation": "edit", "had_file": True, "methods": methods}
    if not hunks:
        hunks = hunks_for(asked)
        fields |= {"methods": ["tool_input"], "limitations": [BEFORE_UNKNOWN, PLACE_UNKNOWN]}
    return {**fields, "hunks": [hunk.as_json() for hunk in hunks]} if hunks else None


def _shown(scene: Scene, given: dict[str, Any], message: dict[str, Any]) -> Fields | None:
    """Return that a whole file was seen. None: not the whole, or not as it is."""
    content = message.get("content")
    part = mapping(content[0]) if type(content) is list and len(content) == 1 else {}
    said = part.get("text")
    is_whole = given.get("offset") in (None, 0, 1) and given.get("limit") is None
    if not is_whole or part.get("type") != "text" or type(said) is not str:
        return None
    is_cut = mapping(message.get("details")).get("truncation") is not None
    if is_cut or said.startswith(_IMAGE) or _REPLACED in said:
        return None
    return {
        "operation": "read",
        "had_file": True,
        "after": text_place(scene.offset, scene.size, "message", "content", 0, "text"),
        "methods": ["tool_result"],
    }


def _path_of(path: str, folder: str | None) -> str:
    """Return the file as Pi finds it; what is in a user's home stays as it is."""
    named = _SPACES.sub(" ", path).removeprefix("@")
    if _HOME.match(named):
        return named
    if named.startswith(_URL):
        named = unquote(named.removeprefix(_URL))
    return resolved(named, folder)


def _edits(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what was to be replaced and by what, without carriage returns."""
    asked = given.get("edits")
    found = [*(objects(asked) or [mapping(asked)]), given]
    return [
        (plain(each["oldText"]), plain(each["newText"]))
        for each in found
        if text(each.get("oldText")) and type(each.get("newText")) is str
    ]
