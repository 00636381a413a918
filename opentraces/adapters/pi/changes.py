"""What changes the session: its model, its history, its names."""

from typing import Any

from opentraces.adapters._reading.values import mapping, name, text, whole
from opentraces.adapters.pi.answer_names import model_of
from opentraces.adapters.pi.line_types import MESSAGE, Line
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.usage import take_expense
from opentraces.adapters.pi.utterances import take_system_again, take_tools
from opentraces.adapters.pi.values import identity

UNPRICED = "summary_cost_unknown"
"""The limitation of a session that was summed up without saying what that cost."""

_MOST = 10_000
_LONGEST_LABEL = 500


def take_model(scene: Scene, entry: dict[str, Any]) -> None:
    """Read which model is to answer. What a session begins with is no step of it."""
    model = model_of(entry.get("provider"), entry.get("modelId"))
    if scene.steps.count:
        scene.say("system", f"Model: {model or 'not named'}", "model_change")
    else:
        scene.tally.say("first_model", model)


def take_thinking(scene: Scene, entry: dict[str, Any]) -> None:
    """Read how much the model is to think."""
    scene.thinking = _level(entry)
    if scene.steps.count:
        scene.say("system", f"Thinking: {scene.thinking or 'not said'}", "thinking_level_change")
    else:
        scene.tally.say("first_thinking_level", scene.thinking)


def take_copied(scene: Scene, line: Line) -> None:
    """Read, of a line that is another session's, what holds on in this one."""
    if line.name == "thinking_level_change":
        scene.thinking = _level(line.entry)
    elif line.name == f"{MESSAGE}system":
        take_tools(scene, line.message)


def take_compaction(scene: Scene, entry: dict[str, Any]) -> None:
    """Read that a summary took the place of the history; the prompt may be told anew with it."""
    words = text(entry.get("summary")) or "Conversation compacted"
    draft = scene.say("system", words, "compact_boundary")
    kept = identity(entry.get("firstKeptEntryId"))
    if kept is not None:
        draft.native["first_kept_entry_id"] = kept
    before = whole(entry.get("tokensBefore"))
    row = {"ordinal": draft.ordinal, "tokens_before": before}
    scene.tally.happened(scene.tally.compactions, row)
    _pay_for_summary(scene, "compaction", entry)
    prompt = mapping(entry.get("systemMessage"))
    if prompt:
        take_system_again(scene, prompt)


def take_branch_summary(scene: Scene, entry: dict[str, Any]) -> None:
    """Read what was left, in few words, where the user went back."""
    words = text(entry.get("summary")) or "Branch left"
    scene.say("system", words, "branch_summary")
    _pay_for_summary(scene, "branch_summary", entry)


def take_label(scene: Scene, entry: dict[str, Any]) -> None:
    """Read the name of an entry; without one, it has none any more."""
    target, label = identity(entry.get("targetId")), text(entry.get("label"))
    if target is None:
        return
    labels = scene.tree.labels
    labels.pop(target, None)
    if label is not None and len(labels) < _MOST:
        labels[target] = label[:_LONGEST_LABEL]


def take_name(scene: Scene, entry: dict[str, Any]) -> None:
    """Read the name of the session."""
    scene.tally.name_session(entry.get("name"))


def take_context_edit(scene: Scene, entry: dict[str, Any]) -> None:
    """Read that the model is shown something else of an entry from now on, or nothing."""
    target = identity(entry.get("targetId"))
    if target is not None and len(scene.tree.edits) < _MOST:
        scene.tree.edits.append([target, entry.get("replacement") is None])


def _pay_for_summary(scene: Scene, kind: str, entry: dict[str, Any]) -> None:
    """Read what a summary cost; earlier releases did not write it down."""
    if mapping(entry.get("usage")):
        take_expense(scene, kind, entry["usage"])
    else:
        scene.tally.limitations[UNPRICED] = None


def _level(entry: dict[str, Any]) -> str | None:
    level = name(entry.get("thinkingLevel"))
    return level[:40] if level else None
