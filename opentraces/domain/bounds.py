"""Amounts that are asked for: `>1`, `<0.5`, `>=10k`."""

import re

from opentraces.domain.query import Field

MOST = 2**62
"""No trace has so much of anything."""

_FORM = r"(?a:(>=|<=|>|<)(\d{1,12})(?:\.(\d{1,9}))?([kKmM]?))"
"""Compiled where an amount is asked for."""

_SCALE = 10**9
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}
_UNITS = {Field.COST: 1_000_000, Field.TOKENS: 1}
"""How many of the smallest unit are one: costs are kept in millionths of a US dollar."""


def is_amount(value: str) -> bool:
    """Whether a value says how much."""
    return re.fullmatch(_FORM, value) is not None


def bounds(field: Field, value: str) -> tuple[int, int]:
    """Return the least and the most that answers, both included, in the smallest unit.

    The least is above the most where nothing answers, and where the value is no amount.
    """
    found = re.fullmatch(_FORM, value)
    if found is None:
        return 1, 0
    sign, whole, part, factor = found.groups()
    scaled = int(whole) * _SCALE + int((part or "").ljust(9, "0"))
    scaled *= _FACTORS[factor.lower()] * _UNITS[field]
    floor, ceiling = scaled // _SCALE, -(-scaled // _SCALE)
    if sign == ">":
        return floor + 1, MOST
    if sign == ">=":
        return ceiling, MOST
    return (0, ceiling - 1) if sign == "<" else (0, floor)
