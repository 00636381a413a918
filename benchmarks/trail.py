"""What it costs to find patches in history, and to ask who wrote the lines of a file."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import orjson

from benchmarks.long_history import LONG, NEW, LongHistory, make_history
from benchmarks.table import Row, at_most, show

_SEARCH_BOUND, _SEARCH_MS = 2, 1_000
_BLAME_BOUND = 5
_FILES = (1_000, 10_000)
_SAME = 1.5
"""How much longer it may take where ten times as many files are tracked."""


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield the search of new commits by git log -p, and blame by git blame.

    Both again where ten times as many files are tracked, and by the smaller.
    """
    searches, blames = list[float](), list[float]()
    for files in _FILES:
        history = make_history(cache / "trail", files)
        search, log, found = _search(history, rounds)
        yield _search_row(f"search of {NEW} commits, {files:,} files tracked", search, log)
        yield Row("patches found in them", f"{found:,}", bound=f"≥ {NEW}", ok=found >= NEW)
        blame, floor = _blame(history, 3 * rounds)
        yield at_most(f"trail blame, {files:,} files tracked", "ms", blame, floor, _BLAME_BOUND)
        searches.append(search)
        blames.append(blame)
    name = f"{_FILES[1]:,} files by {_FILES[0]:,}"
    yield at_most(f"search, {name}", "ms", searches[1], searches[0], _SAME)
    yield at_most(f"trail blame, {name}", "ms", blames[1], blames[0], _SAME)


def _search(history: LongHistory, rounds: int) -> tuple[float, float, int]:
    """Return how long a search took, and git log -p of the same commits; how much was found."""
    kept = history.root / "kept"
    shutil.copytree(history.program.store, kept)
    searches, logs = list[float](), list[float]()
    found = 0
    for _ in range(rounds):
        shutil.rmtree(history.program.store)
        shutil.copytree(kept, history.program.store)
        logs.append(history.git("log", "-p", f"HEAD~{NEW}..HEAD").wall_ms)
        done = history.ask("trail", "status", "--json")
        searches.append(done.wall_ms)
        found = orjson.loads(done.stdout)["anchored"]
    return median(searches), median(logs), found


def _blame(history: LongHistory, rounds: int) -> tuple[float, float]:
    asked = [
        (history.ask("trail", "blame", LONG).wall_ms, history.git("blame", LONG).wall_ms)
        for _ in range(rounds)
    ]
    return median(ours for ours, _ in asked), median(theirs for _, theirs in asked)


def _search_row(figure: str, measured: float, log: float) -> Row:
    bound = _SEARCH_BOUND * log + _SEARCH_MS
    return Row(
        figure,
        show(measured, "ms"),
        show(log, "ms"),
        measured / log,
        f"≤ {_SEARCH_BOUND}, and a second",
        measured <= bound,
    )
