"""What came of a call: what the model was told, and what was run or changed, in either order.

The same result is told twice: as the output that the model got, and as an item. They are one
observation, but for a command that went on after its output: its end is a second one, which
amends the step that began it. In code mode the model calls one tool, `exec`, and a script calls
the others; no field says which call an item belongs to, so it is the script that runs when the
item is written.
"""

from typing import Any

from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.codex_cli.drafts import END, OUTPUT, Draft
from opentraces.adapters.codex_cli.file_changes import take_changes, take_listed
from opentraces.adapters.codex_cli.results import exit_words, observation, told
from opentraces.adapters.codex_cli.scene import Scene
from opentraces.adapters.codex_cli.texts import command_of, milliseconds_of, shown

_NESTED = "exec-"
_PATH = "file://"


def take_output(scene: Scene, payload: dict[str, Any]) -> None:
    """Read what the model was told of a call."""
    call = text(payload.get("call_id")) or "unknown"
    output = payload.get("output") if "output" in payload else payload.get("tools")
    seen = told(output)
    draft = scene.steps.caller(call)
    scene.thread.scripts.pop(call, None)
    scene.thread.is_answering = False
    if draft is None:
        _stray(scene, observation(call, seen.content, seen.error))
        return
    scene.steps.weigh(draft, scene.size)
    if draft.waits.get(call) != OUTPUT:
        return
    draft.is_changed = True
    ended = draft.ended.get(call)
    if ended is None:
        draft.observations.append(observation(call, seen.content, seen.error))
        if seen.is_going_on:
            draft.waits[call] = END
        else:
            del draft.waits[call]
    else:
        error = seen.error or draft.observations[ended].get("error")
        draft.observations[ended] = observation(call, seen.content, error)
        del draft.waits[call]
    if seen.duration_ms is not None:
        draft.calls[call].setdefault("duration_ms", seen.duration_ms)
    take_listed(scene, draft, call, draft.observations[-1 if ended is None else ended])
    scene.steps.settle(draft)


def take_end(scene: Scene, said: dict[str, Any], kind: str, item: dict[str, Any]) -> None:
    """Read what was run, changed or asked for, as an item or an event says it."""
    call = text(item.get("id")) or text(item.get("call_id"))
    if call is None or item.get("source") == "user_shell":
        return
    seen = observation(call, _content(kind, item), _error(item))
    draft = scene.steps.caller(call)
    if draft is not None:
        _note_files(scene, draft, said, item, seen)
        _end(scene, draft, call, seen, milliseconds_of(said, item))
        return
    outer = _script(scene) if call.startswith(_NESTED) else None
    if outer is None:
        stray = _stray(scene, seen)
        take_changes(scene, stray, None, said, item)
        return
    draft, script = outer
    tool, given = _nested(kind, item)
    made = {"tool_call_id": call, "tool_name": tool, "input": {**given, "called_by": script}}
    spent = milliseconds_of(said, item)
    draft.calls[call] = made if spent is None else {**made, "duration_ms": spent}
    draft.ended[call] = len(draft.observations)
    draft.observations.append(seen)
    draft.is_changed = True
    _note_files(scene, draft, said, item, seen)
    scene.steps.calls(draft, call)
    scene.steps.weigh(draft, scene.size)


def take_started(scene: Scene, item: dict[str, Any]) -> None:
    """Read that a sub-agent was started, or what became of it: it has a rollout of its own."""
    call = text(item.get("id"))
    draft = scene.steps.caller(call)
    threads = item.get("receiver_thread_ids")
    agents = [item.get("agent_thread_id"), *(threads if type(threads) is list else ())]
    is_start = item.get("kind") == "started" or item.get("tool") in ("spawn_agent", "spawnAgent")
    for thread in agents:
        agent = text(thread)
        if agent is None:
            continue
        scene.tally.link(agent, call if draft else None, None, item.get("agent_path"))
        if draft is not None and is_start and draft.started is None:
            draft.started = agent[:200]
            draft.is_changed = True


def _end(scene: Scene, draft: Draft, call: str, seen: dict[str, Any], spent: int | None) -> None:
    if call in draft.ended:
        return
    waits = draft.waits.get(call)
    draft.is_changed = True
    scene.steps.weigh(draft, scene.size)
    if spent is not None:
        draft.calls[call]["duration_ms"] = spent
    if waits is not None:
        draft.ended[call] = len(draft.observations)
        draft.observations.append(seen)
    if waits == END:
        del draft.waits[call]
        scene.steps.settle(draft)


def _note_files(
    scene: Scene, draft: Draft, said: dict[str, Any], item: dict[str, Any], seen: dict[str, Any]
) -> None:
    """Take what an end says of files; of a command's, what it printed is all that says it."""
    call = str(seen["source_call_id"])
    if mapping(item.get("changes")):
        take_changes(scene, draft, call, said, item)
    else:
        take_listed(scene, draft, call, seen)


def _script(scene: Scene) -> tuple[Draft, str] | None:
    """Return the script that runs, or ran last, and its step."""
    running = next(reversed(scene.thread.scripts), None)
    for call in (running, scene.thread.script):
        draft = scene.steps.caller(call)
        if draft is not None and call is not None:
            return draft, call
    return None


def _stray(scene: Scene, seen: dict[str, Any]) -> Draft:
    """Add a step for a result whose call is in no open step."""
    draft = scene.say("system", "", "result")
    draft.observations.append(seen)
    return draft


def _nested(kind: str, item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the tool that a script called, as the model would have, and its arguments."""
    if kind == "CommandExecution":
        given: dict[str, Any] = {"cmd": command_of(item)}
        folder = text(item.get("cwd"))
        return "exec_command", given | ({"workdir": folder.removeprefix(_PATH)} if folder else {})
    if kind == "FileChange":
        return "apply_patch", {"changes": mapping(item.get("changes"))}
    if kind == "McpToolCall":
        tool = f"{text(item.get('server')) or '?'}.{text(item.get('tool')) or '?'}"
        return tool, mapping(item.get("arguments"))
    return text(item.get("tool")) or kind, mapping(item.get("arguments"))


def _content(kind: str, item: dict[str, Any]) -> str | None:
    if kind == "CommandExecution":
        return text(item.get("aggregated_output")) or text(item.get("stdout"))
    if kind == "FileChange":
        return text(item.get("stdout")) or text(item.get("stderr"))
    return shown(item.get("result")) or shown(item.get("output"))


def _error(item: dict[str, Any]) -> str | None:
    failed = item.get("status") in ("failed", "declined") or item.get("success") is False
    words = text(item.get("stderr")) or text(mapping(item.get("error")).get("message"))
    return exit_words(item.get("exit_code")) or ((words or "failed")[:2000] if failed else None)
