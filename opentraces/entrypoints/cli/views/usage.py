"""What sessions used: the sum first, then a table, then what was left out and what has no price."""

from collections.abc import Iterable, Iterator

from opentraces.application.report_usage import UsageReport
from opentraces.domain.ids import TraceId
from opentraces.domain.usage.grouping import Grouping
from opentraces.domain.usage.price_list import CHECKED
from opentraces.domain.usage.rows import Row
from opentraces.entrypoints.cli.output import Bold, Dim, Line, Odd
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, lasting
from opentraces.entrypoints.cli.views.ids import short_ids

_HEADS = ("sessions", "input", "output", "cache read", "cache write", "cost", "time")
_UNITS = ("", "k", "M", "B", "T")
_NAMED = 5


def usage_lines(report: UsageReport) -> Iterator[Line]:
    """Show all of it in a line; below it each row, and how it was counted."""
    yield sum_line(report)
    if report.rows:
        yield ()
        yield from _table(report)
    yield ()
    yield from notes(report)


def sum_line(report: UsageReport) -> Line:
    """Say in a line what all rows together used."""
    total = report.total
    facts = (count(total.sessions, "session"), f"{total.tokens.total:,} tokens", cost(total))
    return (Bold(" · ".join(facts)), f" · {lasting(total.seconds)}")


def notes(report: UsageReport) -> Iterator[Line]:
    """Say how it was counted, and what has no price."""
    skipped = count(report.replays, "replay")
    yield (Dim(f"{count(report.total.responses, 'response')} counted, {skipped} skipped"),)
    told = (
        f"; {_dollars(report.total.told_usd)} as agents wrote it" if report.total.told_usd else ""
    )
    yield (Dim(f"prices of {CHECKED}{told}"),)
    if report.unpriced:
        yield (Odd(f"no price: {_models(report.unpriced)}"), " → prices in config.toml")


def names_of(report: UsageReport) -> list[str]:
    """Return what each row is called, as it can be typed back."""
    if report.by is Grouping.SESSION:
        short = short_ids(TraceId(row.key) for row in report.rows if row.key)
        return [short[TraceId(row.key)] if row.key else "" for row in report.rows]
    return [one_line(row.key) if row.key else "(not known)" for row in report.rows]


def cost(row: Row) -> str:
    """Return what a row costs: `$0.83`, with + when some has no price, `?` when nothing has."""
    if row.cost_usd is None:
        return "?"
    return f"{_dollars(row.cost_usd)}{'+' if row.unpriced else ''}"


def tokens(number: int) -> str:
    """Return `212`, `21.2k` or `4.85B`: three digits, as people read them."""
    value, unit = float(number), 0
    while round(value, 0 if value >= 100 else 2) >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    if not unit:
        return str(number)
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:,.{digits}f}{_UNITS[unit]}"


def _table(report: UsageReport) -> Iterator[Line]:
    first = 1 if report.by is Grouping.SESSION else 0
    heads = _HEADS[first:]
    cells = [_cells(row)[first:] for row in report.rows]
    names = names_of(report)
    wide = max(map(len, (report.by.value, *names)))
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    yield (Dim(f"{report.by.value:<{wide}}  {_joined(heads, widths)}"),)
    for name, row, each in zip(names, report.rows, cells, strict=True):
        title = f"  {one_line(row.title)}" if row.title else ""
        yield (Bold(f"{name:<{wide}}"), f"  {_joined(each, widths)}", title)


def _cells(row: Row) -> tuple[str, ...]:
    used = row.tokens
    classes = (used.input, used.output, used.cache_read, used.cache_write)
    return (f"{row.sessions:,}", *map(tokens, classes), cost(row), lasting(row.seconds))


def _joined(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _models(unpriced: tuple[tuple[str | None, int], ...]) -> str:
    named = [
        f"{one_line(model) if model else 'no model named'} ({count(number, 'response')})"
        for model, number in sorted(unpriced, key=lambda item: -item[1])
    ]
    more = f", and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


def _dollars(amount: float) -> str:
    """Return dollars; of less than a cent, as much as there is to see."""
    return f"${amount:,.2f}" if amount >= 0.01 or not amount else f"${amount:.2g}"
