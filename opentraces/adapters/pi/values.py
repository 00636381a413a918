"""Values of foreign JSON, taken only when they are of the type they should be."""

from math import isfinite
from typing import Any

from opentraces.domain.ids import digest

_LARGEST = 2**53
_LONGEST_ID = 64


def identity(value: Any) -> str | None:
    """Return an id of an entry; of one that is too long, its digest. None: it is none."""
    if type(value) is not str or not value:
        return None
    return value if len(value) <= _LONGEST_ID else digest(value.encode())


def dollars(value: Any) -> float | None:
    """Return an amount of money. None: it is none."""
    if type(value) not in (int, float) or not 0 <= value < _LARGEST or not isfinite(value):
        return None
    return float(value)
