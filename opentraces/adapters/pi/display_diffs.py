"""Diffs as Pi shows them: every line behind its mark and its number, what is far left out."""

import re
from collections.abc import Iterable, Iterator

from opentraces.domain.trail.file_change import Hunk

_LINE = re.compile(r"([ +-]) *(\d{1,9}) (.*)", re.DOTALL)
_LEFT_OUT = re.compile(r" +\.\.\.")

Row = tuple[str, int, str]
"""A mark, a number and a line: of the file before, but for lines that come."""


def hunks_in(diff: str) -> tuple[Hunk, ...] | None:
    """Return the hunks of a diff, in its order. None: its numbers do not agree, or it is none."""
    runs = _runs(diff.split("\n"))
    if runs is None:
        return None
    found: list[Hunk] = []
    moved = passed = 0
    for run in runs:
        numbers = _numbers(run, moved)
        if numbers is None or numbers[0] < passed:
            return None
        old, new = numbers
        gone, come = (sum(row[0] != mark for row in run) for mark in "+-")
        lines = tuple(mark + line for mark, _, line in run)
        found.append(
            Hunk(
                old_start=old if gone else old - 1, new_start=new if come else new - 1, lines=lines
            )
        )
        passed = old + gone
        moved += come - gone
    return tuple(found)


def _runs(lines: Iterable[str]) -> list[list[Row]] | None:
    """Return lines that follow each other, run by run. None: one is no line of such a diff."""
    runs: list[list[Row]] = [[]]
    for line in lines:
        row = _LINE.fullmatch(line)
        if row is not None:
            runs[-1].append((row[1], int(row[2]), row[3]))
        elif _LEFT_OUT.fullmatch(line):
            runs.append([])
        else:
            return None
    return [run for run in runs if run]


def _numbers(run: list[Row], moved: int) -> tuple[int, int] | None:
    """Return the first numbers of a run before and after. None: those that follow do not agree.

    `moved`: how many more lines came than went before it.
    """
    mark, number, _ = run[0]
    old = number - moved if mark == "+" else number
    if old < 1 or old + moved < 1:
        return None
    told = _counted(run, old, old + moved)
    return (old, old + moved) if all(row[1] == at for row, at in told) else None


def _counted(run: list[Row], old: int, new: int) -> Iterator[tuple[Row, int]]:
    """Yield each row with the number that it should have."""
    for row in run:
        yield row, new if row[0] == "+" else old
        old += row[0] != "+"
        new += row[0] != "-"
