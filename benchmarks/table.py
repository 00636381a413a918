"""One line a figure: what was measured, the floor of the same run, and whether it holds."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import orjson

_HEAD = ("figure", "measured", "floor", "ratio", "bound", "")


@dataclass(frozen=True)
class Row:
    """One figure of one run."""

    figure: str
    measured: str
    floor: str = ""
    ratio: float | None = None
    """Measured by floor; None: the figure is not a ratio."""

    bound: str = ""
    """In words; empty: the figure only informs."""

    ok: bool | None = None
    """None: there is no bound."""


def at_most(figure: str, unit: str, measured: float, floor: float, bound: float) -> Row:
    """Return the row of a figure that must not exceed `bound` times its floor."""
    ratio = measured / floor
    return Row(
        figure, show(measured, unit), show(floor, unit), ratio, f"≤ {bound:g}", ratio <= bound
    )


def at_least(figure: str, unit: str, measured: float, floor: float, bound: float) -> Row:
    """Return the row of a figure that must reach `bound` times its floor."""
    ratio = measured / floor
    return Row(
        figure, show(measured, unit), show(floor, unit), ratio, f"≥ {bound:g}", ratio >= bound
    )


def compared(figure: str, unit: str, measured: float, floor: float) -> Row:
    """Return the row of a figure that has a floor and no bound."""
    return Row(figure, show(measured, unit), show(floor, unit), measured / floor)


def show(value: float, unit: str) -> str:
    """Write a figure with three digits that count."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def as_json(rows: Iterable[Row]) -> str:
    """Write the rows as one JSON document."""
    return orjson.dumps({"rows": [asdict(row) for row in rows]}).decode()


def as_text(rows: Iterable[Row]) -> str:
    """Write the rows as a table."""
    cells = [_HEAD, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(_line(row, widths) for row in cells)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
    verdict = {None: "", True: "ok", False: "OVER"}[row.ok]
    return (row.figure, row.measured, row.floor, ratio, row.bound, verdict)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    figure, *numbers, bound, verdict = (
        cell.ljust(width) if at in (0, 4) else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([figure, *numbers, bound, verdict]).rstrip()
