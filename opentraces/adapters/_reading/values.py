"""Values of foreign JSON, taken only when they are of the type they should be."""

from typing import Any

from opentraces.adapters._reading.jsonl import decode

_LARGEST = 2**53
_LONGEST_NAME = 4096


def text(value: Any) -> str | None:
    """Return a text that is not empty. None: it is no text, or empty."""
    return value if type(value) is str and value else None


def name(value: Any) -> str | None:
    """Return a text that may name something. None: it is none, or longer than any path is."""
    return value if type(value) is str and 0 < len(value) <= _LONGEST_NAME else None


def count(value: Any) -> int:
    """Return a whole number from 0 to 2^53. Anything else counts as 0."""
    return value if type(value) is int and 0 <= value < _LARGEST else 0


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
