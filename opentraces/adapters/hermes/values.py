"""Values of foreign JSON, taken only when they are of the type they should be."""

from typing import Any

import orjson

from opentraces.adapters._jsonl import decode

_LARGEST = 2**53
_LONGEST_NAME = 4096
_DEEPEST = 100
_MOST = 100_000


def text(value: Any) -> str | None:
    """Return a text that is not empty. None: it is no text, or empty."""
    return value if type(value) is str and value else None


def name(value: Any) -> str | None:
    """Return a text that may name something. None: it is none, or longer than any path is."""
    return value if type(value) is str and 0 < len(value) <= _LONGEST_NAME else None


def whole(value: Any) -> int | None:
    """Return a whole number from 0 to 2^53. None: it is none."""
    return value if type(value) is int and 0 <= value < _LARGEST else None


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object; anything else is an empty one."""
    return value if type(value) is dict else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the JSON objects in a list; anything else is an empty list."""
    return [item for item in value if type(item) is dict] if type(value) is list else []


def inner(value: Any) -> dict[str, Any] | None:
    """Return the JSON object that a text holds. None: it is no text, or holds none."""
    return decode(value.encode()) if type(value) is str else None


def shown(value: Any) -> str | None:
    """Return text as it is, and anything else as JSON. None: there is none.

    What is nested too deep, or too much, is `[too_deep]` or `[too_many]`.
    """
    if value is None or type(value) is str:
        return value or None
    fault = fault_of([value])
    return f"[{fault}]" if fault else orjson.dumps(value).decode()


def arguments(given: Any) -> dict[str, Any]:
    """Return a call's arguments: an object, JSON as text, or anything else under the key `input`.

    What is nested too deep is replaced by `too_deep: true`, too many values by `too_many: true`.
    """
    said = inner(given)
    if said is None:
        said = given if type(given) is dict else {}
        if type(given) is not dict and given not in (None, ""):
            said = {"input": given}
    fault = fault_of(said)
    return {fault: True} if fault else said


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
