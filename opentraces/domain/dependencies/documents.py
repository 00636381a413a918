"""Manifests that are TOML or JSON."""

import json
import tomllib

from opentraces.domain.dependencies.declared import Unreadable

_MOST_DOTS = 2000


def read_toml(text: str) -> dict[str, object]:
    """Read TOML. Raises Unreadable."""
    if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise Unreadable  # the time for a key grows with the square of its parts
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error


def read_object(text: str) -> dict[str, object]:
    """Read a JSON object. Raises Unreadable."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(value, dict):
        raise Unreadable
    return value
