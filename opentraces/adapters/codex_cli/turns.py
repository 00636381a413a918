"""Where a thread begins and its turns begin and end."""

from typing import Any

from opentraces.adapters._reading.counting import note
from opentraces.adapters._reading.values import mapping, name, text, whole
from opentraces.adapters.codex_cli.copied import is_helper, parent_of
from opentraces.adapters.codex_cli.scene import Scene
from opentraces.adapters.codex_cli.tally import take_git
from opentraces.adapters.codex_cli.utterances import interrupted

_OURS = ("gpt-", "codex-", "o1", "o3", "o4", "chatgpt-")


def take_meta(scene: Scene, payload: dict[str, Any]) -> None:
    """Read the first line of a rollout."""
    tally = scene.tally
    note(tally.versions, payload.get("cli_version"))
    note(tally.folders, payload.get("cwd"))
    scene.thread.folder = name(payload.get("cwd")) or scene.thread.folder
    take_git(tally, payload.get("git"))
    for key, said in _said_of(payload).items():
        tally.say(key, said)
    if not is_helper(payload):
        return
    helper = parent_of(payload)
    scene.thread.call_type = "subagent"
    scene.thread.agent_role = (text(helper.get("agent_role")) or "subagent")[:80]
    for key in ("parent_thread_id", "agent_path", "agent_nickname"):
        tally.say(key, helper.get(key))
    depth = whole(helper.get("depth"))
    if depth is not None:
        tally.native.setdefault("depth", depth)


def _said_of(payload: dict[str, Any]) -> dict[str, Any]:
    base = mapping(payload.get("history_base"))
    thread, root = payload.get("id"), payload.get("session_id")
    return {
        "originator": payload.get("originator"),
        "source": payload.get("source"),
        "model_provider": payload.get("model_provider"),
        "history_mode": payload.get("history_mode"),
        "parent_thread_id": payload.get("parent_thread_id"),
        "root_thread_id": root if root != thread else None,
        "forked_from": payload.get("forked_from_id") or base.get("thread_id"),
    }


def take_context(scene: Scene, payload: dict[str, Any]) -> None:
    """Read what a turn runs with."""
    scene.begin_turn(text(payload.get("turn_id")))
    note(scene.tally.folders, payload.get("cwd"))
    scene.thread.folder = name(payload.get("cwd")) or scene.thread.folder
    model = name(payload.get("model"))
    if model is not None:
        scene.thread.model = f"openai/{model}" if model.startswith(_OURS) else model


def take_begin(scene: Scene, payload: dict[str, Any]) -> None:
    """Read that a turn began."""
    scene.begin_turn(text(payload.get("turn_id")))


def take_complete(scene: Scene, payload: dict[str, Any]) -> None:
    """Read that a turn ended, well or by an error of the model's service."""
    scene.thread.is_answering = False
    error = payload.get("error")
    if type(error) is dict:
        _fail(scene, text(error.get("message")), error.get("codex_error_info"))


def take_error(scene: Scene, payload: dict[str, Any]) -> None:
    """Read an error that an event tells."""
    _fail(scene, text(payload.get("message")), payload.get("codex_error_info"))


def take_aborted(scene: Scene, payload: dict[str, Any]) -> None:
    """Read that a turn was cut short."""
    scene.begin_turn(text(payload.get("turn_id")))
    interrupted(scene, f"Turn aborted: {text(payload.get('reason')) or 'interrupted'}")


def take_rollback(scene: Scene, payload: dict[str, Any]) -> None:
    """Read that the user took turns back; the model forgot them, and they stay in the trace."""
    turns = whole(payload.get("num_turns"))
    scene.say("system", f"Rolled back {turns or '?'} turns", "rollback")


def _fail(scene: Scene, words: str | None, info: Any) -> None:
    draft = scene.say("system", words or "error of the model's service", "error")
    draft.native["failure"] = (text(info) or next(iter(mapping(info)), "api_error"))[:80]
    scene.tally.happened(scene.tally.failures, draft.ordinal)
