"""The table of what the troubles made of what users do."""

from collections.abc import Iterable, Iterator

Row = tuple[str, str, int, int, int, int]
"""A scene, a trouble, and how often it was done, refused, done in part, and wrong."""

_HEAD = ("what is done", "trouble", "instants", "done", "refused", "partly", "wrong")
_LINE = "{:<26}{:<28}{:>9}{:>9}{:>9}{:>9}{:>9}"


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table, and what they come to."""
    yield _LINE.format(*_HEAD)
    totals = [0, 0, 0, 0]
    last = None
    for scene, trouble, *counts in sorted(rows, key=lambda row: row[0]):
        name = scene if scene != last else ""
        last = scene
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        yield _LINE.format(name, trouble, sum(counts), *counts)
    yield _LINE.format("all", "", sum(totals), *totals)
    yield "After each: nothing kept before is lost or partial, damage is none, the index agrees,"
    yield "and another run leaves the same records and sources as one that nothing troubled."
