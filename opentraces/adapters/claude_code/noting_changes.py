"""What a result says was done to a file, noted with the step that made the call."""

from typing import Any

from opentraces.adapters._reading.changed_files import moment_of
from opentraces.adapters._reading.counting import note
from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.claude_code.asked_changes import Asked, change_asked
from opentraces.adapters.claude_code.drafts import Draft
from opentraces.adapters.claude_code.file_changes import (
    Fields,
    Heard,
    agrees,
    change_heard,
    shows_tabs,
)
from opentraces.adapters.claude_code.scene import Scene

_DETAILS = "toolUseResult"


def note_change(
    scene: Scene, line: dict[str, Any], draft: Draft, seen: dict[str, Any], details: dict[str, Any]
) -> None:
    """Note what the call that `seen` came back from did to a file, or saw of a whole one.

    A call that failed did nothing. `details` are empty where the line tells none of this result;
    of several results of a call the first stands.
    """
    call = seen["source_call_id"]
    if seen.get("error") or call in draft.changes:
        return
    made = draft.calls.get(call)
    if made is None and draft.calls:
        return
    moment = moment_of(scene.stamp, draft.moment)
    heard = _heard(scene, line, details, moment)
    change = change_heard(heard, made["tool_name"] if made else None) if details else None
    if change is not None and made and agrees(made["input"], details):
        change["methods"] = (*change["methods"], "tool_input")
    if change is None and made and call in draft.asked and not _is_fault(details):
        place = Asked(*draft.asked.pop(call))
        change = change_asked(made, place, seen["content"], heard.folder, moment)
    if change is not None:
        draft.changes[call] = [_sorted(change)]


def _heard(
    scene: Scene, line: dict[str, Any], details: dict[str, Any], moment: int | None
) -> Heard:
    path = text(details.get("filePath")) or text(mapping(details.get("file")).get("filePath"))
    if shows_tabs(details):
        note(scene.tally.tabbed, path)
    return Heard(
        details=details,
        offset=scene.offset,
        length=len(scene.raw),
        way=(_DETAILS,),
        method="tool_result",
        folder=text(line.get("cwd")),
        moment=moment,
        is_tabbed=path in scene.tally.tabbed,
    )


def _is_fault(details: dict[str, Any]) -> bool:
    """Whether a result without the mark of a failure tells of one."""
    return text(details.get("error")) is not None


def _sorted(change: Fields) -> Fields:
    return {**change, "methods": tuple(sorted(change["methods"]))}
