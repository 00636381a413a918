"""Reads a row of the database: one message of a session.

A compaction sets the rows before it aside (`active` 0, `compacted` 1) and writes those it keeps
once more; what the user took back is `active` 0 and `compacted` 0: it is counted, and no step.
"""

from typing import Any

from opentraces.adapters._reading.changed_files import moment_of
from opentraces.adapters._reading.values import inner, mapping, name, objects, text
from opentraces.adapters.hermes.file_changes import take_changes
from opentraces.adapters.hermes.scene import Scene
from opentraces.adapters.hermes.session_note import epoch
from opentraces.adapters.hermes.trajectories import error_in
from opentraces.adapters.hermes.values import arguments, shown
from opentraces.domain.ids import digest

TABLE = "messages"
ROLES = frozenset(("user", "assistant", "tool", "system"))

_PARTS = "\0json:"
"""What stands before content of several parts."""

_SUMMARIES = ("[CONTEXT COMPACTION", "[CONTEXT SUMMARY]:")
_WORDS = frozenset(("text", "input_text", "output_text"))


def take_message(scene: Scene, row: dict[str, Any]) -> None:
    """Read a message of a known role."""
    if row.get("active") == 0 and row.get("compacted") != 1:
        scene.tally.add("rewound_messages", 1)
        return
    if row.get("compacted") == 1:
        scene.tally.add("compacted_messages", 1)
    stamp = scene.tally.time(epoch(row.get("timestamp")))
    role, words = row["role"], content_of(row.get("content"))
    if role == "tool":
        _take_result(scene, row, words, stamp)
    elif role == "assistant":
        _take_answer(scene, row, words, stamp)
    else:
        _take_words(scene, row, words, stamp)


def _take_words(scene: Scene, row: dict[str, Any], words: str | None, stamp: str | None) -> None:
    key = _key(row)
    if _is_summary(row, words):
        draft = scene.aside("compaction", words, *key)
        scene.tally.happened(scene.tally.compactions, {"ordinal": draft.ordinal})
    elif row["role"] == "system" or row.get("display_kind") == "hidden":
        draft = scene.aside(text(row.get("display_kind")) or "system", words, *key)
    else:
        scene.tally.prompt(words or "")
        draft = scene.draft("user", words, *key)
        if row.get("observed") == 1:
            draft.native["observed"] = "true"
    draft.timestamp = stamp
    draft.native["message_id"] = str(row.get("id"))[:40]
    scene.steps.add(draft)


def _take_answer(scene: Scene, row: dict[str, Any], words: str | None, stamp: str | None) -> None:
    draft = scene.draft("agent", words, *_key(row))
    draft.timestamp, draft.model = stamp, scene.note.model
    draft.native["message_id"] = str(row.get("id"))[:40]
    draft.thinking = text(row.get("reasoning_content")) or text(row.get("reasoning"))
    if reason := text(row.get("finish_reason")):
        draft.native["finish_reason"] = reason[:80]
    if draft.thinking is None and row.get("codex_reasoning_items") is not None:
        draft.native["sealed_thinking"] = "true"
    if not scene.tally.is_spent and scene.note.tokens is not None:
        scene.tally.is_spent = True
        draft.usage = scene.note.tokens
        draft.native["usage_of"] = "session"
        if scene.note.cost_usd is not None:
            draft.native["cost_usd"] = repr(scene.note.cost_usd)
    for place, each in enumerate(_calls(row.get("tool_calls"))):
        called = mapping(each.get("function")) or each
        call = name(each.get("call_id")) or name(each.get("id")) or f"{draft.key}-{place}"
        tool = name(called.get("name")) or "unknown"
        draft.call(call, tool, arguments(called.get("arguments")))
    scene.steps.add(draft)


def _take_result(scene: Scene, row: dict[str, Any], words: str | None, stamp: str | None) -> None:
    call = name(row.get("tool_call_id"))
    draft = scene.steps.caller(call)
    if draft is None or call is None:
        scene.tally.add("unpaired_results", 1)
        draft = scene.aside("result", words, *_key(row))
        draft.timestamp = stamp
        draft.native["message_id"] = str(row.get("id"))[:40]
        scene.steps.add(draft)
        return
    result = inner(words) or {}
    error = error_in(result or words)
    draft.answer(call, words, error)
    if error is None:
        take_changes(draft, call, result, moment_of(stamp, draft.moment))
    scene.steps.settle(draft, scene.size)


def content_of(said: Any) -> str | None:
    """Return the content of a message as text. None: it holds nothing."""
    if type(said) is str and said.startswith(_PARTS):
        parts = inner('{"parts":' + said[len(_PARTS) :] + "}")
        return _shown(parts["parts"]) if parts else said
    return said if type(said) is str and said else _shown(said)


def _shown(parts: Any) -> str | None:
    if type(parts) is not list:
        return shown(parts)
    said = [each if type(each) is str else _shown_part(mapping(each)) for each in parts]
    return "\n".join(part for part in said if part) or None


def _shown_part(part: dict[str, Any]) -> str | None:
    kind = text(part.get("type")) or "part"
    return text(part.get("text")) if kind in _WORDS else f"[{kind[:40]}]"


def _calls(said: Any) -> list[dict[str, Any]]:
    listed = inner('{"calls":' + said + "}") if type(said) is str else {"calls": said}
    return objects((listed or {}).get("calls"))


def _is_summary(row: dict[str, Any], words: str | None) -> bool:
    return row.get("_compressed_summary") == 1 or (words or "").startswith(_SUMMARIES)


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    """Name a message by what it says and when: a compaction writes it once more as another row."""
    said = [row.get(part) for part in ("content", "tool_calls", "tool_call_id", "timestamp")]
    mark = digest("\0".join(str(each) for each in said).encode())
    return (str(row.get("session_id")), str(row.get("role")), mark)
