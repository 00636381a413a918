"""Lines of the user and of the program: what was typed, what was injected, what came back."""

from typing import Any

from opentraces.adapters._reading.counting import note
from opentraces.adapters._reading.values import mapping, name, objects, text, whole
from opentraces.adapters.claude_code.blocks import block_text
from opentraces.adapters.claude_code.drafts import Draft
from opentraces.adapters.claude_code.noting_changes import note_change
from opentraces.adapters.claude_code.results import (
    agent_link,
    commit,
    duration_ms,
    observation,
    spilled_file,
)
from opentraces.adapters.claude_code.scene import Scene
from opentraces.adapters.claude_code.typed_text import Origin, Piece, pieces_of
from opentraces.domain.step import Role

_SILENT = frozenset(("stop_hook_summary", "turn_duration"))
_TYPED_MODES = (None, "prompt", "bash")


def take_user(scene: Scene, line: dict[str, Any]) -> None:
    """Read a line of type `user`."""
    content = mapping(line.get("message")).get("content")
    if type(content) is str:
        say(scene, line, [content], _injected_by(line))
        return
    blocks = objects(content)
    results = [block for block in blocks if block.get("type") == "tool_result"]
    told = line.get("toolUseResult") if len(results) == 1 else None
    for block in results:
        _take_result(scene, line, block, told, len(scene.raw) // len(results))
    if len(results) < len(blocks):
        others = (block_text(block) for block in blocks if block.get("type") != "tool_result")
        say(scene, line, [words for words in others if words], _injected_by(line))


def take_attachment(scene: Scene, line: dict[str, Any]) -> None:
    """Read a line of type `attachment`: only what was queued while the agent worked is a step."""
    attached = mapping(line.get("attachment"))
    kind = attached.get("type")
    if kind == "environment" and not scene.tally.surroundings:
        scene.tally.surroundings = _surroundings(mapping(attached.get("snapshot")))
    if kind != "queued_command":
        return
    prompt = attached.get("prompt")
    texts = [prompt] if type(prompt) is str else [block_text(b) or "" for b in objects(prompt)]
    mode = attached.get("commandMode")
    injected = _injected_by(attached) or (None if mode in _TYPED_MODES else str(mode))
    say(scene, line, [words for words in texts if words], injected)


def _surroundings(snapshot: dict[str, Any]) -> dict[str, Any]:
    is_repository = snapshot.get("isGitRepo")
    return {
        "os": name(snapshot.get("osVersion")),
        "platform": name(snapshot.get("platform")),
        "shell": name(snapshot.get("shell")),
        "arch": name(snapshot.get("arch")),
        "is_repository": is_repository if isinstance(is_repository, bool) else None,
    }


def take_system(scene: Scene, line: dict[str, Any]) -> None:
    """Read a line of type `system`."""
    kind = text(line.get("subtype")) or ""
    content = text(line.get("content"))
    if kind == "compact_boundary":
        _take_compaction(scene, line, content)
    elif kind == "api_error":
        _take_failure(scene, line, content)
    elif content is not None and kind == "local_command":
        say(scene, line, [content], None)
    elif content is not None and kind not in _SILENT:
        say(scene, line, [content], kind or "system")


def say(scene: Scene, line: dict[str, Any], texts: list[str], injected_by: str | None) -> None:
    """Add a step for what was typed and a step for what was injected, where there is any."""
    if injected_by is not None:
        words = "\n".join(texts)
        if words:
            _step(scene, line, "system", words).native["origin"] = injected_by[:80]
        return
    pieces = [piece for words in texts for piece in pieces_of(words)]
    groups: dict[Role, list[Piece]] = {}
    for piece in pieces:
        groups.setdefault("user" if piece.origin is Origin.TYPED else "system", []).append(piece)
    for part, (role, group) in enumerate(groups.items()):
        words = "\n".join(piece.text for piece in group)
        draft = _step(scene, line, role, words, *([str(part)] if part else []))
        _note_pieces(scene, line, draft, group)


def _step(scene: Scene, line: dict[str, Any], role: Role, words: str, *parts: str) -> Draft:
    draft = scene.draft(line, role, scene.line_key(line, *parts))
    draft.texts.append(words)
    scene.steps.add(draft)
    return draft


def _note_pieces(scene: Scene, line: dict[str, Any], draft: Draft, group: list[Piece]) -> None:
    tally = scene.tally
    if any(piece.origin is Origin.INTERRUPTION for piece in group):
        draft.native["origin"] = "interruption"
        cut = tally.last_answer
        tally.interruption(draft.ordinal if cut is None else cut)
    if draft.role != "user" or not scene.speaker_of(line).is_main:
        return
    tally.last_answer = None
    tally.prompt(
        "\n".join(piece.text for piece in group), has_words=any(p.has_words for p in group)
    )
    for piece in group:
        if piece.command is not None:
            tally.command(piece.command, "skill" if piece.is_skill else "command", draft.ordinal)


def _injected_by(line: dict[str, Any]) -> str | None:
    """Return what put the text of a line there. None: whoever types did."""
    if line.get("isCompactSummary") is True:
        return "compact_summary"
    kind = text(mapping(line.get("origin")).get("kind"))
    if kind not in (None, "human"):
        return kind
    if text(line.get("sourceToolUseID")) is not None:
        return "tool"
    return "meta" if line.get("isMeta") is True else None


def _take_result(
    scene: Scene, line: dict[str, Any], block: dict[str, Any], told: Any, weight: int
) -> None:
    call = text(block.get("tool_use_id")) or "unknown"
    seen = observation(block, call, told)
    details = mapping(told)
    draft = scene.steps.caller(call)
    if draft is None:
        draft = scene.draft(line, "system", scene.line_key(line, "result", call))
        draft.observations.append(seen)
        note_change(scene, line, draft, seen, details)
        scene.steps.add(draft)
        _note_result(scene, draft, details, None)
        return
    draft.answer(call, seen, duration_ms(details))
    note_change(scene, line, draft, seen, details)
    _note_result(scene, draft, details, draft.calls.get(call))
    scene.steps.weigh(draft, weight)
    scene.steps.answered(draft)


def _note_result(
    scene: Scene, draft: Draft, details: dict[str, Any], asked: dict[str, Any] | None
) -> None:
    if not details:
        return
    link = agent_link(details, asked)
    if link is not None:
        scene.tally.link(link)
    made = commit(details)
    if made is not None:
        draft.native["commit"] = made[:64]
    note(scene.tally.spilled, spilled_file(details))


def _take_compaction(scene: Scene, line: dict[str, Any], content: str | None) -> None:
    about = mapping(line.get("compactMetadata"))
    parent = text(line.get("logicalParentUuid"))
    draft = _step(scene, line, "system", content or "Conversation compacted")
    draft.native["origin"] = "compact_boundary"
    scene.tally.compactions.append(
        {
            "ordinal": draft.ordinal,
            "trigger": name(about.get("trigger")),
            "tokens_before": whole(about.get("preTokens")),
            "tokens_after": whole(about.get("postTokens")),
            "parent_lost": parent is not None and parent not in scene.seen,
        }
    )


def _take_failure(scene: Scene, line: dict[str, Any], content: str | None) -> None:
    error = mapping(line.get("error"))
    words = content or text(error.get("message")) or f"API error {whole(error.get('status')) or ''}"
    draft = _step(scene, line, "system", words.strip())
    draft.native["failure"] = str(whole(error.get("status")) or "api_error")
    scene.tally.failures.append(draft.ordinal)
