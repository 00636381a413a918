"""Kept values as pydantic reads them: what our own reader of them is held against."""

from typing import Any, TypeVar

from opentraces.adapters.filesystem.checking import checker
from opentraces.domain.frozen import Frozen
from opentraces.domain.ids import exact_bytes

Kept = TypeVar("Kept", bound=Frozen)


def checked(kind: type[Kept], said: Any) -> Kept:
    """Return a value of JSON values, or of the values of its fields. Raises ValidationError."""
    return checker(kind).validate_python(said)


def checked_json(kind: type[Kept], text: bytes | str) -> Kept:
    """Return a value of its JSON text, strictly. Raises ValidationError."""
    return checker(kind).validate_json(text, strict=True)


def json_of(value: Frozen) -> bytes:
    """Return all fields of a value as JSON text."""
    return exact_bytes(value.as_json())
