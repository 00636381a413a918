"""How deep and how large a value of foreign JSON may be to be taken over."""

from typing import Any

_DEEPEST = 100
"""Nesting above which it is not; nothing of ours writes past 254."""

_MOST = 100_000
"""Values in it above which it is not."""


def fault_of(value: Any) -> str | None:
    """Return why a value is not taken over: `too_deep` or `too_many`. None: it is."""
    level = [value] if type(value) in (dict, list) else []
    seen = 0
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for each in level:
            below.extend(each.values() if type(each) is dict else each)
        seen += len(below)
        if seen > _MOST:
            return "too_many"
        level = [each for each in below if type(each) in (dict, list)]
        if not level:
            return None
    return "too_deep"
