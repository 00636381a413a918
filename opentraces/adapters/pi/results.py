"""What came back: from tools that the model called, and from commands that the user ran."""

import re
from typing import Any

from opentraces.adapters._reading.values import mapping, name, text
from opentraces.adapters.pi.drafts import Draft
from opentraces.adapters.pi.file_changes import take_change
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.texts import shown
from opentraces.adapters.pi.usage import take_expense

_SUMMARY = 120
_LONG = 200
_ERROR = 2000
_ENDED = re.compile(
    r"^Command (?:exited with code -?\d{1,10}|aborted|timed out\b[^\n]{0,80})$", re.M
)
_MARKS = {"edit": "M", "write": "W"}


def take_result(scene: Scene, message: dict[str, Any]) -> None:
    """Read what a tool gave back; the model that it may have called itself cost something."""
    call = text(message.get("toolCallId")) or "unknown"
    content = shown(message.get("content"))
    error = _error(content) if message.get("isError") is True else None
    take_expense(scene, "tool_result", message.get("usage"))
    draft = scene.steps.caller(call)
    if draft is None:
        scene.say("system", None, "result").observations.append(observation(call, content, error))
        return
    draft.observations.append(observation(call, content, error))
    draft.is_changed = True
    draft.waits.pop(call, None)
    scene.tree.belong(draft.ordinal)
    scene.steps.weigh(draft, scene.size)
    if error is None:
        _note_file(draft, call, message)
        take_change(scene, draft, call, message)
    if text(mapping(message.get("details")).get("fullOutputPath")):
        draft.native["is_cut"] = "true"
    scene.steps.settle(draft)


def take_command(scene: Scene, message: dict[str, Any]) -> None:
    """Read a command that the user ran, and its output: with `!!` the model was shown neither."""
    is_hidden = message.get("excludeFromContext") is True
    typed = f"{'!!' if is_hidden else '!'}{text(message.get('command')) or ''}"
    drafts = [scene.say("user", typed)]
    scene.tally.prompt(typed)
    ended = [each for each in (text(message.get("output")), _failure(message)) if each]
    if ended:
        drafts.append(scene.say("system", "\n".join(ended), "command_output", part=1))
    for draft in drafts if is_hidden else ():
        draft.native["unseen_by_model"] = "true"
        scene.tally.happened(scene.tally.unseen, draft.ordinal)
    if message.get("truncated") is True:
        drafts[-1].native["is_cut"] = "true"


def observation(call: str, content: str | None, error: str | None) -> dict[str, Any]:
    """Return an Observation's fields."""
    seen: dict[str, Any] = {"source_call_id": call, "content": content or None}
    if content and len(content) > _LONG:
        seen["output_summary"] = summary(content)
    if error:
        seen["error"] = error
    return seen


def summary(content: str) -> str | None:
    """Return the first line that says something, cut to the width of a list."""
    return content[:2000].lstrip().split("\n", 1)[0].rstrip()[:_SUMMARY] or None


def _error(content: str | None) -> str:
    """Return why a call failed: how the command ended, or the first line that it gave back."""
    ended = _ENDED.findall((content or "")[-_LONG:])
    return ended[-1] if ended else summary((content or "")[:_ERROR]) or "error"


def _failure(message: dict[str, Any]) -> str | None:
    if message.get("cancelled") is True:
        return "Command aborted"
    code = message.get("exitCode")
    return f"Command exited with code {code}" if type(code) is int and code else None


def _note_file(draft: Draft, call: str, message: dict[str, Any]) -> None:
    """Say which file was changed, and how the result shows it."""
    tool = text(message.get("toolName")) or ""
    inputs = (each["input"] for each in draft.calls if each["tool_call_id"] == call)
    path = name(mapping(next(inputs, None)).get("path"))
    if tool not in _MARKS or path is None or "\n" in path:
        return
    row = f"{_MARKS[tool]} {path[:300]}"
    before = draft.native.get("changed_files")
    draft.native["changed_files"] = f"{before}\n{row}" if before else row
    details = mapping(message.get("details"))
    if text(details.get("patch")):
        draft.native["patch"] = "unified"
    elif text(details.get("diff")):
        draft.native["patch"] = "display"
