"""What the model said: one step for each response of its service."""

from typing import Any

from opentraces.adapters._reading.counting import note
from opentraces.adapters._reading.values import count, mapping, text
from opentraces.adapters.pi.answer_names import ANSWER, LONGEST_ID, answer_id, model_of
from opentraces.adapters.pi.drafts import Draft
from opentraces.adapters.pi.file_changes import note_content
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.texts import arguments, shown_part
from opentraces.adapters.pi.usage import amounts, cost_of
from opentraces.domain.spending import COST

_STOPPED = {"error": "error", "aborted": "aborted"}
_LONGEST_WORDS = 2000

_ABORTED = "This operation was aborted"
"""What Pi writes as an error where it was told to stop before it asked: the words of Node.js."""


def take_answer(scene: Scene, message: dict[str, Any]) -> None:
    """Read one response, whole or as far as it came."""
    response = text(message.get("responseId"))
    draft = scene.begin_answer(response, message.get("timestamp"))
    draft.model = model_of(message.get("provider"), message.get("model"))
    content = message.get("content")
    parts = content if type(content) is list else [{"type": "text", "text": content}]
    for at, part in enumerate(parts):
        if type(part) is dict:
            _take_part(scene, draft, part, at)
    _note_ids(scene, draft, message)
    take_cost(scene, draft, message.get("usage"))
    if draft.texts or draft.thinking or draft.calls or any(draft.usage):
        note(scene.tally.models, draft.model)
    _note_stop(scene, draft, message)


def take_cost(scene: Scene, draft: Draft, usage: Any) -> None:
    """Read what a response cost, in tokens and in dollars."""
    said = mapping(usage)
    if not said:
        return
    draft.usage = amounts(said)
    cost = cost_of(said)
    if cost is not None:
        draft.native[COST] = repr(cost)
    for key, field in (("reasoning_tokens", "reasoning"), ("cache_write_1h", "cacheWrite1h")):
        tokens = count(said.get(field))
        if tokens:
            draft.native[key] = str(tokens)
            scene.tally.add(key, tokens)


def _take_part(scene: Scene, draft: Draft, part: dict[str, Any], at: int) -> None:
    kind = part.get("type")
    if kind == "thinking":
        words = text(part.get("thinking"))
        if words is not None:
            draft.thinking.append(words)
        elif part.get("redacted") is True or text(part.get("thinkingSignature")):
            draft.native["sealed_thinking"] = "true"
    elif kind == "toolCall":
        _take_call(scene, draft, part, at)
    else:
        words = shown_part(part)
        if words is not None:
            draft.texts.append(words)


def _take_call(scene: Scene, draft: Draft, part: dict[str, Any], at: int) -> None:
    call = text(part.get("id")) or f"{draft.key}-{len(draft.calls)}"
    if call in draft.waits:
        return
    given = arguments(part.get("arguments"))
    tool = text(part.get("name")) or "unknown"
    draft.calls.append({"tool_call_id": call, "tool_name": tool, "input": given})
    note_content(scene, draft, call, part, at)
    scene.steps.wait(draft, call)


def _note_ids(scene: Scene, draft: Draft, message: dict[str, Any]) -> None:
    for key, field in (
        ("response_id", "responseId"),
        ("stop_reason", "stopReason"),
        ("raw_stop_reason", "rawStopReason"),
        ("response_model", "responseModel"),
        ("api", "api"),
    ):
        said = text(message.get(field))
        if said is not None:
            draft.native[key] = said[:LONGEST_ID]
    own = answer_id(text(message.get("responseId")), scene.entry)
    if own is not None:
        draft.native[ANSWER] = own
    if scene.thinking is not None:
        draft.native["thinking_level"] = scene.thinking


def _note_stop(scene: Scene, draft: Draft, message: dict[str, Any]) -> None:
    """Say how it ended, if not well: in the words of the program, behind those of the model."""
    stopped = _STOPPED.get(str(message.get("stopReason")))
    if stopped is None:
        return
    words = text(message.get("errorMessage"))
    if words is not None:
        draft.texts.append(words[:_LONGEST_WORDS])
    if stopped == "aborted" or words == _ABORTED:
        scene.tally.happened(scene.tally.interruptions, draft.ordinal)
    else:
        draft.native["failure"] = stopped
        scene.tally.happened(scene.tally.failures, draft.ordinal)
