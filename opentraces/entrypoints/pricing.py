"""Prices of models as config.toml has them."""

from typing import Any

_NEEDED = ("input", "output")
_MOST = 1_000_000
_CLASSES = (*_NEEDED, "cache_read", "cache_write_5m", "cache_write_1h")


def is_price(value: object) -> bool:
    """Whether a table names what input and output cost, and nothing that is no price."""
    return (
        isinstance(value, dict)
        and all(name in value for name in _NEEDED)
        and all(name in _CLASSES and _is_dollars(amount) for name, amount in value.items())
    )


def price_of(table: dict[str, Any]) -> dict[str, float]:
    """Return what each class of tokens costs; a class that is not named, what the input does."""
    return {name: float(table.get(name, table["input"])) for name in _CLASSES}


def _is_dollars(amount: object) -> bool:
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return False
    return 0 <= amount <= _MOST
