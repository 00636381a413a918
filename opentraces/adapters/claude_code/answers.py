"""Lines of the model: one step for all lines of one API message."""

from typing import Any

from opentraces.adapters._reading.counting import add_one, note
from opentraces.adapters._reading.values import count, mapping, text
from opentraces.adapters.claude_code.asked_changes import CHANGING, asked
from opentraces.adapters.claude_code.blocks import marker, tool_input
from opentraces.adapters.claude_code.drafts import Draft
from opentraces.adapters.claude_code.results import observation
from opentraces.adapters.claude_code.scene import Scene
from opentraces.domain.ids import StepKey, step_key

SYNTHETIC = "<synthetic>"
"""Stands where the name of a model stands, in lines that no model wrote."""

_CALLS = frozenset(("tool_use", "server_tool_use", "mcp_tool_use"))
_PICTURES = frozenset(("image", "document"))
_SKILL = "Skill"


def take_answer(scene: Scene, line: dict[str, Any]) -> None:
    """Add a line of type `assistant` to the step of its message."""
    message = mapping(line.get("message"))
    key = _key(scene, line, message)
    draft = scene.steps.message(key)
    if draft is None:
        draft = _begin(scene, line, message, key)
        scene.steps.open(draft)
    draft.is_changed = True
    _take_content(scene, draft, message.get("content"))
    if draft.model is not None:
        _take_usage(scene, draft, mapping(message.get("usage")))
    _take_ending(scene, draft, line, message)
    scene.steps.weigh(draft, len(scene.raw))


def model_name(value: Any) -> str | None:
    """Return a model as provider and name where the name tells the provider. None: no model."""
    name = text(value)
    if name is None or name == SYNTHETIC:
        return None
    return f"anthropic/{name}" if name.startswith("claude") else name


def _key(scene: Scene, line: dict[str, Any], message: dict[str, Any]) -> StepKey:
    """Name the message. A side question replays messages under requests of its own."""
    own, request = text(message.get("id")), text(line.get("requestId"))
    if own is not None and scene.speaker.is_aside:
        return step_key((own,))
    if own is not None or request is not None:
        return step_key((own or "", request or ""))
    return scene.line_key(line)


def _begin(scene: Scene, line: dict[str, Any], message: dict[str, Any], key: StepKey) -> Draft:
    draft = scene.draft(line, "agent", key)
    draft.model = model_name(message.get("model"))
    draft.call_type = scene.speaker_of(line).call_type
    for name, value in (("message_id", message.get("id")), ("request_id", line.get("requestId"))):
        if type(value) is str and value:
            draft.native[name] = value
    if message.get("model") == SYNTHETIC:
        draft.native["synthetic"] = "true"
        scene.tally.synthetic += 1
    note(scene.tally.models, draft.model)
    scene.tally.responses += 1
    scene.tally.last_answer = draft.ordinal
    return draft


def _take_content(scene: Scene, draft: Draft, content: Any) -> None:
    if type(content) is str and content:
        draft.texts.append(content)
        return
    blocks = content if type(content) is list else []
    for at, block in enumerate(blocks):
        if type(block) is not dict:
            continue
        kind = block.get("type")
        if kind == "text":
            _append(draft.texts, block.get("text"))
        elif kind == "thinking":
            if not _append(draft.thinking, block.get("thinking")):
                draft.native["sealed_thinking"] = "true"
        elif type(kind) is str and kind in _CALLS:
            _take_call(scene, draft, block, at)
        else:
            _take_other(scene, draft, block, kind)


def _append(texts: list[str], value: Any) -> bool:
    if type(value) is str and value:
        texts.append(value)
        return True
    return False


def _take_call(scene: Scene, draft: Draft, block: dict[str, Any], at: int) -> None:
    call = text(block.get("id"))
    if call is not None and call in draft.calls:
        return
    name = text(block.get("name")) or "unknown"
    given = tool_input(block.get("input"))
    told = call or f"{draft.key}-{len(draft.calls)}"
    draft.calls[told] = {"tool_call_id": told, "tool_name": name, "input": given}
    if name in CHANGING:
        line = (scene.offset, len(scene.raw), at)
        draft.asked[told] = list(asked(block, given, line))
    if call is not None:
        scene.steps.calls(draft, call)
    if name == _SKILL:
        skill = text(given.get("skill")) or text(given.get("command"))
        if skill is not None:
            scene.tally.command(skill, "skill", draft.ordinal)


def _take_other(scene: Scene, draft: Draft, block: dict[str, Any], kind: Any) -> None:
    call = text(block.get("tool_use_id"))
    if kind == "redacted_thinking":
        draft.native["sealed_thinking"] = "true"
    elif call is not None and (caller := scene.steps.caller(call)) is not None:
        caller.answer(call, observation(block, call, None), None)
    elif type(kind) is str and kind in _PICTURES:
        draft.texts.append(marker(block))
    else:
        add_one(scene.tally.unknown_blocks, kind)


def _take_usage(scene: Scene, draft: Draft, usage: dict[str, Any]) -> None:
    """Take the largest of each class: input repeats on each line, output grows."""
    before = draft.usage
    if not usage or (
        usage.get("output_tokens") == before[1]
        and usage.get("input_tokens") == before[0]
        and usage.get("cache_read_input_tokens") == before[2]
        and usage.get("cache_creation_input_tokens") == before[3]
    ):
        return
    written = mapping(usage.get("cache_creation"))
    hour = count(written.get("ephemeral_1h_input_tokens"))
    minutes = count(written.get("ephemeral_5m_input_tokens"))
    told = (
        count(usage.get("input_tokens")),
        count(usage.get("output_tokens")),
        count(usage.get("cache_read_input_tokens")),
        count(usage.get("cache_creation_input_tokens")) or hour + minutes,
        hour,
        minutes,
    )
    draft.usage = [max(one, other) for one, other in zip(before, told, strict=True)]
    scene.tally.cache_write_1h += draft.usage[4] - before[4]
    scene.tally.cache_write_5m += draft.usage[5] - before[5]
    if draft.usage[4]:
        draft.native["cache_write_1h"] = str(draft.usage[4])
    if usage.get("speed") == "fast":
        draft.native["speed"] = "fast"
    note(scene.tally.service_tiers, usage.get("service_tier"))


def _take_ending(scene: Scene, draft: Draft, line: dict[str, Any], message: dict[str, Any]) -> None:
    reason = text(message.get("stop_reason"))
    if reason is not None:
        if "stop_reason" not in draft.native:
            add_one(scene.tally.stop_reasons, reason)
        draft.native["stop_reason"] = reason
    if line.get("isApiErrorMessage") is True and "failure" not in draft.native:
        draft.native["failure"] = text(line.get("error")) or "api_error"
        scene.tally.failures.append(draft.ordinal)
    skill = text(line.get("attributionSkill"))
    if skill is not None:
        draft.native["skill"] = skill
