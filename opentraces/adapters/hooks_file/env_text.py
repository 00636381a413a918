"""Keys of ours in the `env` of an agent's settings: put in, brought up to date, taken out.

Any function here raises NotJson; where `env` is no object, nothing in it is ours.
"""

from collections.abc import Mapping
from typing import Any

from opentraces.adapters.hooks_file.hooks_text import ENV, Frame, live, opened
from opentraces.adapters.hooks_file.scanning import Container, root_of, value_of
from opentraces.adapters.hooks_file.writing import (
    Edit,
    appended,
    edited,
    member,
    next_indent,
    removed,
    style_of,
    written,
)


def env_of(text: str) -> dict[str, Any]:
    """Return what stands there; of a key that stands twice, the last."""
    env = _env(text)
    return {part.key or "": value_of(text, part) for part in env.parts} if env else {}


def with_env(text: str, wanted: Mapping[str, str], ours: frozenset[str]) -> str:
    """Return the text with all that is wanted, and nothing else of ours.

    Raises NotJson, also where `env` is no object.
    """
    live(text, root_of(text), ENV, "{", ENV)
    text = _without(text, ours - wanted.keys(), stays=bool(wanted))
    text = _righted(text, wanted)
    return _completed(text, {key: wanted[key] for key in wanted if key not in env_of(text)})


def without_env(text: str, ours: frozenset[str], frame: Frame) -> str:
    """Return the text with nothing of ours; of an `env` that is empty then, the frame stays."""
    return _without(text, ours, stays=frame.env)


def _env(text: str) -> Container | None:
    part = root_of(text).member(ENV)
    return opened(text, part, "{") if part else None


def _righted(text: str, wanted: Mapping[str, str]) -> str:
    env, style = _env(text), style_of(text, root_of(text))
    edits = [
        Edit(part.value, part.end, written(wanted[key], style, None))
        for part in (env.parts if env else ())
        if (key := part.key or "") in wanted and value_of(text, part) != wanted[key]
    ]
    return edited(text, edits)


def _completed(text: str, missing: Mapping[str, str]) -> str:
    """Return the text with keys put behind all others."""
    if not missing:
        return text
    root, env = root_of(text), _env(text)
    style = style_of(text, root)
    outer = next_indent(text, root, style, is_spread=True)
    if env is None:
        piece = member(ENV, missing, style, outer)
        return edited(text, [appended(text, root, [piece], style, outer)])
    indent = next_indent(text, env, style, is_spread=outer is not None)
    pieces = [member(key, value, style, indent) for key, value in missing.items()]
    return edited(text, [appended(text, env, pieces, style, indent)])


def _without(text: str, gone: frozenset[str], stays: bool) -> str:
    """Return the text without some keys; an `env` that stands twice stays: the other would hold."""
    root, env = root_of(text), _env(text)
    if env is None or not gone:
        return text
    numbers = [number for number, part in enumerate(env.parts) if part.key in gone]
    places = [number for number, part in enumerate(root.parts) if part.key == ENV]
    if len(numbers) < len(env.parts) or stays or len(places) > 1:
        return edited(text, removed(text, env, numbers))
    return edited(text, removed(text, root, places))
