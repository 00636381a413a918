"""Pins as short rows: there are thousands in one lock file."""

from collections.abc import Iterable

from opentraces.domain.environment import Pin

_PARTS = ("name", "version", "source", "marker")

PinRow = tuple[str | None, ...]
"""Name, version, source and marker of a pin, as far as the last that is told; no digest."""


def pin_rows(pins: Iterable[Pin]) -> tuple[PinRow, ...]:
    """Return pins as rows, each once, in their order."""
    return tuple(dict.fromkeys(_row(pin) for pin in pins))


def pins_of(rows: Iterable[PinRow]) -> tuple[Pin, ...]:
    """Return what rows say; one of another length or without a name is left out."""
    return tuple(Pin(**_fields(row)) for row in rows if 0 < len(row) <= len(_PARTS) and row[0])


def _row(pin: Pin) -> PinRow:
    told = [pin.name, pin.version, pin.source, pin.marker]
    while told[-1] is None:
        told.pop()
    return tuple(told)


def _fields(row: PinRow) -> dict[str, str]:
    return {part: told for part, told in zip(_PARTS, row, strict=False) if told is not None}
