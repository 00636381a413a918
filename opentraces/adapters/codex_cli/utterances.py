"""What the model was told: what was typed, and what the program put in."""

import re
from typing import Any

from opentraces.adapters._reading.values import text
from opentraces.adapters.codex_cli.origins import told_by
from opentraces.adapters.codex_cli.scene import Scene
from opentraces.adapters.codex_cli.texts import shown

_SHELL = re.compile(r"<shell>([^<>\n]{1,200})</shell>")
_FOLDER = re.compile(r"<cwd>([^<>\n]{1,4096})</cwd>")


def take_input(scene: Scene, payload: dict[str, Any]) -> None:
    """Read a message that is not the model's own."""
    for origin, texts in told_by(payload).items():
        words = "\n".join(texts)
        if origin is None:
            _typed(scene, "item", words)
        else:
            _injected(scene, origin, words)


def hear_prompt(scene: Scene, words: str | None) -> None:
    """Take what an event says that somebody typed."""
    if words is not None:
        _typed(scene, "event", words)


def prompt_of(item: dict[str, Any]) -> str | None:
    """Return what was typed, out of an item. None: nothing."""
    return shown(item.get("content"))


def take_agent_message(scene: Scene, payload: dict[str, Any]) -> None:
    """Read what another agent of the same team says."""
    words = shown(payload.get("content")) or ""
    draft = scene.say("system", words, "agent_message")
    author = text(payload.get("author"))
    if author is not None:
        draft.native["author"] = author[:200]


def take_compacted(scene: Scene, payload: dict[str, Any]) -> None:
    """Read that the history was replaced by a summary; the replacement itself is no new step."""
    words = text(payload.get("message")) or "Conversation compacted"
    draft = scene.say("system", words, "compact_boundary")
    scene.tally.happened(scene.tally.compactions, {"ordinal": draft.ordinal})


def _typed(scene: Scene, side: str, words: str) -> None:
    plain = "\n".join(line for line in words.split("\n") if line != "[image]")
    if scene.is_twin(side, f"typed {plain}"):
        return
    scene.say("user", words)
    scene.tally.prompt(words)


def _injected(scene: Scene, origin: str, words: str) -> None:
    if origin.rpartition(".")[2] == "turn_aborted":
        interrupted(scene, words)
        return
    draft = scene.say("system", words, origin)
    if "environment" in draft.native["origin"]:
        shell, folder = _SHELL.search(words), _FOLDER.search(words)
        if shell and scene.tally.shell is None:
            scene.tally.shell = shell[1]
        if folder and not scene.tally.folders:
            scene.tally.folders[folder[1]] = None
            scene.thread.folder = folder[1]


def interrupted(scene: Scene, words: str) -> None:
    """Add a step that says that the turn was cut short, once in each turn."""
    thread = scene.thread
    if thread.is_cut:
        return
    answer = scene.steps.held(thread.answer)
    draft = scene.say("system", words, "interruption")
    thread.is_cut = True
    is_of_turn = answer is not None and answer.native.get("turn_id", "") == thread.turn
    cut = answer if answer is not None and is_of_turn else draft
    scene.tally.happened(scene.tally.interruptions, cut.ordinal)
