"""Tokens and dollars of Pi's sessions are those that ccusage counts; where not, the test says why.

ccusage counts every answer of a file: also those that a fork copied from its parent. It counts no
compaction, no branch summary and no other call that is no answer.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.ids import SessionId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.spending import spent_of
from tests.agents.rig.installed import ccusage_program
from tests.contracts.trace_parser import read
from tests.integration.adapters.pi.fixtures import DATA, FILES, RELEASES, source_of

pytestmark = pytest.mark.agents

CLASSES = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens")
USAGE = ("input", "output", "cacheRead", "cacheWrite")
NOTHING = (0, 0, 0, 0, 0.0)

Amounts = tuple[int, int, int, int, float]


def counted_by_ccusage(release: str, home: Path) -> dict[str, Amounts]:
    """Return what ccusage counts of each session that cost something."""
    report = subprocess.run(
        [ccusage_program(), "pi", "session", "--json", "--offline", "--timezone", "UTC"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PI_AGENT_DIR": str(DATA / release)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    rows: list[dict[str, Any]] = orjson.loads(report.stdout)["sessions"]
    return {row["sessionId"]: _amounts(row, CLASSES, row["totalCost"]) for row in rows}


def counted_by_us(path: Path) -> Amounts:
    """Return what the steps of a session cost."""
    steps = [
        KeptStep.numbered(step, 0, n)
        for n, step in enumerate(read(PiParser(), source_of(path)).steps, 1)
    ]
    spent = spent_of(steps, ())
    names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    return _amounts(spent, names, spent["cost_usd"])


def copied(path: Path) -> Amounts:
    """Add up the answers of a fork that are older than the fork is."""
    first, *rows = (orjson.loads(line) for line in path.read_bytes().splitlines())
    total = NOTHING
    for row in rows if "parentSession" in first else ():
        if row["timestamp"] < first["timestamp"] and "usage" in row.get("message", {}):
            usage = row["message"]["usage"]
            total = _sum(total, _amounts(usage, USAGE, usage["cost"]["total"]))
    return total


def _amounts(row: dict[str, Any], names: tuple[str, ...], cost: float) -> Amounts:
    new, written, cached, stored = (row[name] for name in names)
    return new, written, cached, stored, round(cost, 9)


def _sum(one: Amounts, other: Amounts) -> Amounts:
    new, written, cached, stored = (a + b for a, b in zip(one[:4], other[:4], strict=True))
    return new, written, cached, stored, round(one[4] + other[4], 9)


@pytest.mark.parametrize("release", RELEASES)
def test_answers_cost_what_ccusage_says_but_for_copies(release: str, tmp_path: Path) -> None:
    theirs = counted_by_ccusage(release, tmp_path)
    paths = [path for name, found in FILES.items() if name.startswith(release) for path in found]
    forks = 0

    for path in paths:
        session = SessionId(path.stem.partition("_")[2])
        forks += copied(path) != NOTHING
        assert _sum(counted_by_us(path), copied(path)) == theirs.get(session, NOTHING), path.name
    assert forks == 3
    assert len(theirs) in (len(paths), len(paths) - 1)
