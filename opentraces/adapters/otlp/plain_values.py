"""OTLP's JSON made plain: attributes as objects, 64-bit integers as integers.

Whatever is of another shape than expected stays as it was sent. Run for each value that comes, so
that types are told by the two that JSON has, and not by what they are like.
"""

from typing import Any

_ATTRIBUTES = frozenset(("attributes", "filteredAttributes", "metadata"))
_INTEGERS = frozenset(
    (
        *("timeUnixNano", "observedTimeUnixNano", "startTimeUnixNano", "endTimeUnixNano"),
        *("asInt", "count", "zeroCount", "bucketCounts"),
    )
)
"""Where a 64-bit integer stands, which JSON's form writes as text."""

_VALUE = "body"
"""Where a value stands that is no attribute's."""

_SIMPLE = frozenset(("stringValue", "boolValue", "doubleValue"))
_LARGEST = 2**64
_DIGITS = 20


def plain(message: Any) -> Any:
    """Return a message of any kind as it is kept."""
    if isinstance(message, dict):
        return {key: _member(key, value) for key, value in message.items()}
    if isinstance(message, list):
        return [plain(each) for each in message]
    return message


def _member(key: str, value: Any) -> Any:
    if key in _ATTRIBUTES:
        return _attributes(value)
    if key in _INTEGERS:
        return [_integer(each) for each in value] if isinstance(value, list) else _integer(value)
    if key == _VALUE:
        return _any_value(value)
    return plain(value)


def _attributes(pairs: Any) -> Any:
    """Return pairs of key and value as an object; of a key that stands twice, the last."""
    if not isinstance(pairs, list):
        return pairs
    told = {}
    for pair in pairs:
        if not isinstance(pair, dict) or not isinstance(key := pair.get("key"), str):
            return pairs
        told[key] = _any_value(pair.get("value"))
    return told


def _any_value(value: Any) -> Any:
    """Return what a value of OTLP says. None: it is empty."""
    if not isinstance(value, dict) or len(value) > 1:
        return value
    for kind, said in value.items():
        if kind in _SIMPLE:
            return said
        if kind == "intValue":
            return _integer(said)
        if kind not in ("arrayValue", "kvlistValue") or not isinstance(said, dict):
            return value
        several = said.get("values", [])
        if kind == "kvlistValue":
            return _attributes(several)
        return [_any_value(each) for each in several] if isinstance(several, list) else value
    return None


def _integer(said: Any) -> Any:
    """Return an integer that may be written as text; anything else as it is."""
    if isinstance(said, str) and len(said) <= _DIGITS and said.isascii():
        digits = said.removeprefix("-")
        if digits.isdigit() and -_LARGEST // 2 <= (number := int(said)) < _LARGEST:
            return number
    return said
