"""What ccusage counts by day and by model, with its costs."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from benchmarks.program import Program
from tests.agents.rig.installed import ccusage_program


class Used(NamedTuple):
    """What responses used and cost."""

    input: int
    output: int
    cache_read: int
    cache_write: int
    cost_usd: float | None
    """None: it is not said, or nothing has a price."""

    @property
    def tokens(self) -> tuple[int, int, int, int]:
        return self[:4]


Days = Mapping[tuple[str, str], Used]
"""By day and model, without who serves it."""

_THEIRS = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens")
_OURS = ("input_tokens", "output_tokens", "cache_read_tokens")
_WRITES = ("cache_write_5m_tokens", "cache_write_1h_tokens")


def counted_by_ccusage(agent: str, place: Mapping[str, str], home: Path, zone: str = "UTC") -> Days:
    """Return what ccusage counts; `place`: where the sessions are, as its environment says."""
    report = subprocess.run(
        [ccusage_program(), agent, "daily", "--json", "--offline", "--timezone", zone],
        env={"PATH": os.environ["PATH"], "HOME": str(home), **place},
        capture_output=True,
        check=True,
        timeout=60,
    )
    days = orjson.loads(report.stdout)["daily"]
    return {(day["date"], model): used for day in days for model, used in _models(day)}


def counted_by_opentraces(program: Program, *arguments: str, zone: str = "UTC") -> Days:
    """Return what `usage` says of what `program` keeps."""
    by = (*arguments, "--timezone", zone, "--by")
    models = [row["key"] for row in program.json("usage", *by, "model")["rows"]]
    return {
        (row["key"], model.rpartition("/")[2]): _used(row)
        for model in models
        if model is not None
        for row in program.json("usage", *by, "day", "--model", model)["rows"]
    }


def _models(day: dict[str, Any]) -> Iterator[tuple[str, Used]]:
    rows = day.get("modelBreakdowns")
    if rows is None:  # of Codex the costs are said for days only
        rows = [{"modelName": name, **row} for name, row in day["models"].items()]
    for row in rows:
        is_priced = "cost" in row and not row.get("missingPricing")
        cost = row["cost"] if is_priced else None
        new, out, read, written = (row[name] for name in _THEIRS)
        yield row["modelName"].removeprefix("[pi] "), Used(new, out, read, written, cost)


def _used(row: dict[str, Any]) -> Used:
    written = sum(row[name] for name in _WRITES)
    new, out, read = (row[name] for name in _OURS)
    return Used(new, out, read, written, row["cost_usd"])
