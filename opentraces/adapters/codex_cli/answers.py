"""What the model said: one step for all parts of one response of its service."""

from typing import Any

from opentraces.adapters._reading.values import mapping, objects, text
from opentraces.adapters.codex_cli.drafts import OUTPUT, Draft
from opentraces.adapters.codex_cli.patches import files_of, shape_of
from opentraces.adapters.codex_cli.results import observation
from opentraces.adapters.codex_cli.scene import Scene
from opentraces.adapters.codex_cli.texts import arguments, shown, shown_part
from opentraces.domain.ids import digest, step_key

_SCRIPT = "exec"
_NAMED = {
    "local_shell_call": "local_shell",
    "tool_search_call": "tool_search",
    "web_search_call": "web_search",
    "image_generation_call": "image_generation",
}
_DONE_AT_ONCE = frozenset(("web_search_call", "image_generation_call"))


def answer(scene: Scene, identity: str | None, words: str) -> Draft:
    """Return the step of the response that this is a part of.

    A response is whole once it was counted, or once something came back from what it called,
    unless its parts say that they belong together.
    """
    thread = scene.thread
    draft = scene.steps.held(thread.answer)
    agrees = scene.sampled is not None and scene.sampled == thread.sampled
    if draft is None or thread.is_counted or not (thread.is_answering or agrees):
        if identity is not None:
            key = step_key((thread.turn, "answer", identity))
        else:
            key = scene.key("answer", digest(words.encode()))
        draft = scene.begin_answer(key)
    if thread.sampled is None:
        thread.sampled = scene.sampled
    draft.is_changed = True
    scene.steps.weigh(draft, scene.size)
    return draft


def take_words(scene: Scene, payload: dict[str, Any]) -> None:
    """Read a message of the model."""
    words = shown(payload.get("content"))
    if words is None or scene.is_twin("item", f"said {words}"):
        return
    draft = answer(scene, text(payload.get("id")), words)
    draft.texts.append(words)
    if scene.is_summary:
        draft.native["origin"] = "compaction"


def hear_words(scene: Scene, identity: str | None, words: str | None) -> None:
    """Take what an event says that the model said."""
    if words is not None and not scene.is_twin("event", f"said {words}"):
        answer(scene, identity, words).texts.append(words)


def take_reasoning(scene: Scene, payload: dict[str, Any]) -> None:
    """Read what the model thought, as far as it can be read."""
    parts = [*objects(payload.get("summary")), *objects(payload.get("content"))]
    words = [part for part in map(shown_part, parts) if part]
    draft = answer(scene, text(payload.get("id")), "".join(words[:1]))
    draft.thinking += [each for each in words if not scene.is_twin("item", f"thought {each}")]
    if not words and text(payload.get("encrypted_content")):
        draft.native["sealed_thinking"] = "true"


def hear_reasoning(scene: Scene, identity: str | None, words: list[str]) -> None:
    """Take what an event says that the model thought."""
    new = [each for each in words if not scene.is_twin("event", f"thought {each}")]
    if new:
        answer(scene, identity, new[0]).thinking.extend(new)


def take_call(scene: Scene, kind: str, payload: dict[str, Any]) -> None:
    """Read a call of a tool."""
    call = text(payload.get("call_id")) or text(payload.get("id"))
    draft = answer(scene, text(payload.get("id")) or call, str(payload.get("arguments"))[:200])
    call = call or f"{draft.key}-{len(draft.calls)}"
    if call in draft.calls:
        return
    tool = _tool_of(kind, payload)
    given = arguments(_given(kind, payload))
    draft.calls[call] = {"tool_call_id": call, "tool_name": tool, "input": given}
    scene.steps.calls(draft, call)
    if kind in _DONE_AT_ONCE:
        if payload.get("status") == "completed":
            draft.observations.append(observation(call, _made(payload), None))
    else:
        draft.waits[call] = OUTPUT
    if kind == "custom_tool_call" and tool == _SCRIPT:
        scene.thread.scripts[call] = None
        scene.thread.script = call
    _note_patch(draft, tool, given)


def take_sealed(scene: Scene, payload: dict[str, Any]) -> None:
    """Read a compaction that the service made: its bytes are sealed, and stay in the source."""
    scene.is_summary = True
    draft = answer(scene, text(payload.get("id")), "compaction")
    draft.native["origin"] = "compaction"


def _tool_of(kind: str, payload: dict[str, Any]) -> str:
    if kind in _NAMED:
        return _NAMED[kind]
    tool = text(payload.get("name")) or "unknown"
    space = text(payload.get("namespace"))
    return f"{space}.{tool}" if space else tool


def _given(kind: str, payload: dict[str, Any]) -> Any:
    if kind in ("local_shell_call", "web_search_call"):
        return mapping(payload.get("action"))
    if kind == "image_generation_call":
        prompt = text(payload.get("revised_prompt"))
        return {"prompt": prompt} if prompt else {}
    return payload.get("arguments") if "arguments" in payload else payload.get("input")


def _made(payload: dict[str, Any]) -> str | None:
    return "[image]" if text(payload.get("result")) else None


def _note_patch(draft: Draft, tool: str, given: dict[str, Any]) -> None:
    found = shape_of(tool, given)
    if found is None:
        return
    shape, patch = found
    draft.native["patch"] = shape
    files = files_of(patch)
    if files:
        before = draft.native.get("patched_files")
        draft.native["patched_files"] = f"{before}\n{files}" if before else files
