"""Tokens in the four classes that an API response reports."""

from collections.abc import Iterable
from typing import NamedTuple


class Tokens(NamedTuple):
    """What one response, or many of them, used."""

    input: int = 0
    cache_creation: int = 0
    cache_read: int = 0
    output: int = 0


def total(parts: Iterable[Tokens]) -> Tokens:
    """Add up each class."""
    sums = tuple(map(sum, zip(*parts, strict=True)))
    return Tokens(*sums)
