"""What it costs to add up all usage, by what ccusage and agentsview take for it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import orjson

from benchmarks.agentsview.program import NAME, Agentsview
from benchmarks.importing import Imported
from benchmarks.processes import Finished, run
from benchmarks.program import Program
from benchmarks.table import Row, compared

_CCUSAGE = "node_modules/.bin/ccusage"
_ARGUMENTS = ("claude", "daily", "--json", "--offline", "--timezone", "UTC")
_OURS = ("usage", "--by", "day", "--timezone", "UTC", "--json")
_THEIRS = ("usage", "daily", "--all", "--offline", "--no-sync", "--timezone", "UTC", "--json")


def ccusage_rows(imported: Imported, clients: Path, rounds: int) -> Iterator[Row]:
    """Yield the time of ours by that of ccusage, and whether both count the same tokens.

    `clients` is where `make test-agents` installs it; where it did not, a row says so.
    """
    program = clients / _CCUSAGE
    size = f"{imported.corpus.megabytes:.0f} MB"
    figure = f"usage by day, {size}, by ccusage"
    if not program.exists():
        yield Row(f"{figure}: not installed", "make test-agents installs it")
        return
    ours, theirs = _medians(imported.program, _ccusage(program, imported), rounds)
    yield compared(figure, "ms", ours[0], theirs[0])
    mine = int(orjson.loads(ours[1].stdout)["total"]["total_tokens"])
    other = int(orjson.loads(theirs[1].stdout)["totals"]["totalTokens"])
    yield Row(f"{figure}, tokens", f"{mine:,}", f"{other:,}", bound="equal", ok=mine == other)


def agentsview_rows(imported: Imported, peer: Agentsview, rounds: int) -> Iterator[Row]:
    """Yield the time of ours by that of agentsview, whose server is running. Raises PeerFailed."""
    ours, theirs = _medians(imported.program, lambda: peer.run(*_THEIRS), rounds)
    figure = f"usage by day, {imported.corpus.megabytes:.0f} MB, by {NAME}"
    yield compared(figure, "ms", ours[0], theirs[0])


def _ccusage(program: Path, imported: Imported) -> Callable[[], Finished]:
    environment = {
        "PATH": os.environ["PATH"],  # its launcher is a script for Node
        "HOME": str(imported.program.home),
        "CLAUDE_CONFIG_DIR": str(imported.corpus.root),
    }
    return lambda: run((str(program), *_ARGUMENTS), environment)


def _medians(
    ours: Program, theirs: Callable[[], Finished], rounds: int
) -> tuple[tuple[float, Finished], tuple[float, Finished]]:
    """Run both in turn, the first turn to warm the caches; return medians and last answers."""
    turns = [(ours.run(*_OURS), theirs()) for _ in range(rounds + 1)][1:]
    mine, other = zip(*turns, strict=True)
    return (
        (median(each.wall_ms for each in mine), mine[-1]),
        (median(each.wall_ms for each in other), other[-1]),
    )
