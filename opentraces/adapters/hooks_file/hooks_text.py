"""Where hooks stand in the text of an agent's settings, and which of them are ours.

`hooks` → event → groups, each with a matcher → `hooks` → handlers. A handler is ours when what it
runs is in our folder, wherever it was moved to and whatever was written around it. Any function
here raises NotJson.
"""

from collections.abc import Collection, Iterator
from typing import Any

from opentraces.adapters.hooks_file.scanning import (
    BOM,
    Container,
    NotJson,
    Part,
    container,
    root_of,
    value_of,
)
from opentraces.domain.slotted import frozen_dataclass

HOOKS = "hooks"
"""The key of all hooks, and of the handlers of a group."""

ENV = "env"
"""The key of what an agent's environment is to hold."""

FOLDER = "/hooks/opentraces/"
"""What is in such a folder is ours."""


@frozen_dataclass
class Frame:
    """What stays even when it is empty, because it was there before anything of ours."""

    hooks: bool = False
    """Whether `hooks` was."""

    events: frozenset[str | None] = frozenset()
    """The events that were in it."""

    env: bool = False
    """Whether `env` was."""

    keys: frozenset[str | None] = frozenset()
    """The keys that were in that."""


@frozen_dataclass
class Ours:
    """A handler of ours that runs, and where it stands."""

    event: str
    """The event it runs at."""

    command: str
    """What it runs: one line for a shell."""

    group: Part
    """The group it is in."""

    handler: Part
    """It."""

    is_alone: bool
    """Whether it is all that the group runs."""


def ours_in(text: str) -> tuple[Ours, ...]:
    """Return our handlers that run, in the order of the text."""
    hooks = live(text, root_of(text), HOOKS, "{", HOOKS)
    events = [part for part in hooks.parts if part is hooks.member(part.key)] if hooks else []
    return tuple(ours for event in events for ours in _ours_at(text, event))


def frame_of(text: str) -> Frame:
    """Return what stands in a text that has nothing of ours."""
    hooks = live(text, root_of(text), HOOKS, "{", HOOKS)
    part = root_of(text).member(ENV)
    env = opened(text, part, "{") if part else None
    return Frame(hooks is not None, _keys(hooks), part is not None, _keys(env))


def refuse(text: str, keys: Collection[str]) -> None:
    """Raise NotJson at what makes a strict agent ignore the whole file.

    That is a key it does not know, one that stands twice, and a byte order mark.
    """
    root = root_of(text)
    if text.startswith(BOM):
        raise NotJson(0, "a byte order mark, for which the agent ignores the file")
    hooks = live(text, root, HOOKS, "{", HOOKS)
    for part in root.parts:
        if part.key not in keys:
            raise NotJson(part.start, f"`{part.key}`, for which the agent ignores the file")
    for outer in filter(None, (root, hooks)):
        for part in outer.parts:
            if part is not outer.member(part.key):
                raise NotJson(part.start, f"`{part.key}` stands twice: the agent ignores the file")


def is_switched_off(text: str, switch: str) -> bool:
    """Whether the settings say under a key, `switch`, that no hook runs at all."""
    part = root_of(text).member(switch)
    return part is not None and value_of(text, part) is True


def live(text: str, outer: Container, key: str, opening: str, name: str) -> Container | None:
    """Return what holds under a key; None: nothing does. `name`: for people."""
    part = outer.member(key)
    if part is None:
        return None
    found = opened(text, part, opening)
    if found is None:
        kind = "an object" if opening == "{" else "an array"
        raise NotJson(part.value, f"`{name}` has to be {kind}")
    return found


def opened(text: str, part: Part, opening: str) -> Container | None:
    """Return the object (`{`) or array (`[`) that a part is. None: it is something else."""
    return container(text, part.value) if text[part.value] == opening else None


def handlers_of(text: str, group: Part) -> Container | None:
    """Return the handlers of a group. None: it is no group."""
    holder = opened(text, group, "{")
    part = holder.member(HOOKS) if holder else None
    return opened(text, part, "[") if part else None


def is_ours(handler: Any) -> bool:
    """Whether a handler, as it was read, runs something in our folder."""
    if not isinstance(handler, dict):
        return False
    args = handler.get("args")
    words = [handler.get("command"), *(args if isinstance(args, list) else ())]
    return any(isinstance(word, str) and FOLDER in word for word in words)


def _keys(outer: Container | None) -> frozenset[str | None]:
    return frozenset(part.key for part in outer.parts) if outer else frozenset()


def _ours_at(text: str, event: Part) -> Iterator[Ours]:
    groups = opened(text, event, "[")
    for group in groups.parts if groups else ():
        handlers = handlers_of(text, group)
        parts = handlers.parts if handlers else ()
        for part in parts:
            value = value_of(text, part)
            if is_ours(value):
                command = str(value.get("command"))
                yield Ours(event.key or "", command, group, part, is_alone=len(parts) == 1)
