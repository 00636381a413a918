"""What calls of a model cost, in the classes of tokens that Pi tells apart."""

from typing import Any

from opentraces.adapters._reading.values import count, mapping, text
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.values import dollars

_FIELDS = ("input", "output", "cacheRead", "cacheWrite")
"""In the order of `drafts.USAGE`; the input is without what came from a cache or went into one."""


def amounts(usage: dict[str, Any]) -> list[int]:
    """Return the tokens of each class."""
    return [count(usage.get(name)) for name in _FIELDS]


def cost_of(usage: dict[str, Any]) -> float | None:
    """Return what a call cost in US dollars. None: it is not said."""
    return dollars(mapping(usage.get("cost")).get("total"))


def take_expense(scene: Scene, kind: str, usage: Any) -> None:
    """Read what a call of a model cost that is no step."""
    said = mapping(usage)
    if said:
        scene.tally.pay(kind, amounts(said), cost_of(said))


def take_usage(scene: Scene, entry: dict[str, Any]) -> None:
    """Read an entry that only says what something cost."""
    take_expense(scene, text(entry.get("kind")) or "usage", entry.get("usage"))
