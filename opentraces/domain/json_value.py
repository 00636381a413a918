"""Any value that JSON can say."""

from typing import TypeAlias

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
"""An object, a list, a text, a number, true or false, or null, nested."""
