"""What sessions used, drawn: a bar for each row."""

from collections.abc import Iterator
from datetime import date, timedelta

from opentraces.application.report_usage import UsageReport
from opentraces.domain.usage.grouping import Grouping
from opentraces.domain.usage.rows import Row
from opentraces.entrypoints.cli.output import Bold, Dim, Line, has_style
from opentraces.entrypoints.cli.views.usage import cost, names_of, notes, sum_line, tokens

_COLUMNS = 80
_SHORTEST = 10
_LONGEST = 100
_EIGHTHS = " ▏▎▍▌▋▊▉"
_GAP = 31
"""Days without use are drawn as far as there are no more of them in a row; else three dots are."""


def plot_lines(report: UsageReport, columns: int | None) -> Iterator[Line]:
    """Draw costs; tokens, where nothing has a price. `columns`: of a line; None: no terminal."""
    yield sum_line(report)
    yield ()
    names = names_of(report)
    wide = max(map(len, names), default=0)
    ends = [f"{cost(row):>9}  {tokens(row.tokens.total):>5} tokens" for row in report.rows]
    room = (columns or _COLUMNS) - wide - 4 - max(map(len, ends), default=0)
    room = min(max(room, _SHORTEST), _LONGEST)
    sizes = [_size(row, report.total) for row in report.rows]
    largest = max(sizes, default=0.0)
    before: str | None = None
    for name, size, end in zip(names, sizes, ends, strict=True):
        yield from _unused(report.by, before, name, wide)
        bar = _bar(size / largest * room if largest else 0.0)
        yield (Bold(f"{name:<{wide}}"), f"  {bar:<{room}}  ", end)
        before = name
    yield ()
    yield from notes(report)


def _size(row: Row, total: Row) -> float:
    return float(row.tokens.total) if total.cost_usd is None else row.cost_usd or 0.0


def _bar(length: float) -> str:
    """Return a bar of so many characters; on a terminal, to an eighth of one."""
    if not has_style():
        return "#" * round(length)
    whole, eighths = divmod(round(length * 8), 8)
    return "█" * whole + (_EIGHTHS[eighths] if eighths else "")


def _unused(by: Grouping, before: str | None, name: str, wide: int) -> Iterator[Line]:
    """Draw the days between two rows."""
    if by is not Grouping.DAY or before is None or not name[:1].isdigit():
        return
    day, last = date.fromisoformat(before), date.fromisoformat(name)
    if (last - day).days > _GAP:
        yield (Dim(f"{'…':<{wide}}"),)
        return
    while (day := day + timedelta(days=1)) < last:
        yield (Dim(f"{day.isoformat():<{wide}}"),)
