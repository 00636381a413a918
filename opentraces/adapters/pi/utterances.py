"""What the model was told: what was typed, and what the program put in."""

import re
from typing import Any

from opentraces.adapters._reading.values import mapping, name, objects, text
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.texts import shown
from opentraces.domain.ids import digest

_MOST_TOOLS = 1000
_LONGEST_TOOL = 200
_SKILL = re.compile(
    r'\A<skill name="([^"\n]{1,200})" location="[^"\n]{1,4096}">\n.*?\n</skill>(?:\n\n(.+))?\Z',
    re.DOTALL,
)


def take_prompt(scene: Scene, message: dict[str, Any]) -> None:
    """Read what was typed. A skill's text stands before it, where the user asked for one."""
    words = shown(message.get("content"))
    if words is None:
        return
    skill = _SKILL.match(words)
    if skill is None:
        scene.say("user", words)
        scene.tally.prompt(words)
        return
    typed = f"/skill:{skill[1]} {skill[2]}" if skill[2] else f"/skill:{skill[1]}"
    draft = scene.say("user", typed)
    scene.tally.prompt(typed)
    used = {"name": skill[1], "kind": "skill", "ordinal": draft.ordinal}
    scene.tally.happened(scene.tally.commands, used)
    scene.say("system", words[: skill.start(2)].rstrip() if skill[2] else words, "skill", part=1)


def take_injected(scene: Scene, said: dict[str, Any]) -> None:
    """Read what an extension told the model."""
    words = shown(said.get("content"))
    if words is None:
        return
    draft = scene.say("system", words, "extension")
    kind = name(said.get("customType"))
    if kind is not None:
        draft.native["custom_type"] = kind[:200]


def take_system(scene: Scene, message: dict[str, Any]) -> None:
    """Read the system prompt, or what changed of it, and of the tools."""
    are_new = take_tools(scene, message)
    _tell_prompt(scene, message, are_new)


def take_system_again(scene: Scene, message: dict[str, Any]) -> None:
    """Read the whole prompt that stands in a compaction: it is a step where it is another one."""
    before = tuple(scene.tools)
    scene.tools.clear()
    take_tools(scene, message)
    are_new = tuple(scene.tools) != before
    if are_new or digest(_prompt(message).encode()) != scene.prompt:
        _tell_prompt(scene, message, are_new, part=1)


def _tell_prompt(scene: Scene, message: dict[str, Any], are_new: bool, part: int = 0) -> None:
    words = _prompt(message)
    scene.prompt = digest(words.encode())
    draft = scene.say("system", words or None, "system_prompt", part)
    if are_new:
        draft.tools = list(scene.tools)


def _prompt(message: dict[str, Any]) -> str:
    sections = mapping(message.get("sections"))
    texts = [text(message.get("content")), *map(text, sections.values())]
    gone = [f"[{key}: removed]" for key, value in sections.items() if value is None]
    return "\n".join([*(each for each in texts if each), *gone])


def take_tools(scene: Scene, message: dict[str, Any]) -> bool:
    """Read which tools the model was told of; False: nothing new."""
    added = [name(each.get("name")) for each in objects(message.get("toolsAdded"))]
    removed = message.get("toolsRemoved")
    gone = [each for each in map(name, removed) if each] if type(removed) is list else []
    for tool in gone:
        scene.tools.pop(tool, None)
    room = _MOST_TOOLS - len(scene.tools)
    scene.tools |= dict.fromkeys([tool[:_LONGEST_TOOL] for tool in added if tool][: max(room, 0)])
    return bool(added or gone)


def take_summary(scene: Scene, message: dict[str, Any]) -> None:
    """Read a summary that stands as a message."""
    words = text(message.get("summary")) or shown(message.get("content"))
    scene.say("system", words, "compact_summary")
