"""What a query takes inside a process that is warm already: the use case itself, snippets included.

This alone is not measured through the command line: it imports the installed package.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import TypeAlias

import orjson

from benchmarks.processes import run
from benchmarks.program import Program
from benchmarks.table import Row, show
from opentraces.application.query_traces import QueryRequest
from opentraces.domain.query_text import parse_query
from opentraces.entrypoints.container.searching import query_traces
from opentraces.entrypoints.settings import Settings

_TIMES = 200
_PERCENT = 100

_Times: TypeAlias = tuple[list[float], list[float]]
"""Milliseconds of the clock, and of the processor."""


def rows(
    program: Program,
    queries: Mapping[str, str],
    figure: str,
    bounds_ms: tuple[float, float | None],
) -> Iterator[Row]:
    """Yield, for each kind of query, the half of the times and 95 in 100 of them.

    `bounds_ms` are of the two; None: the second only informs. So does the time of the processor,
    which is the same on a busy machine.
    """
    for name, (times, spent) in _times(program, queries).items():
        ordered = quantiles(times, n=_PERCENT)
        for share, bound in zip((50, 95), bounds_ms, strict=True):
            took = ordered[share - 1]
            yield Row(
                f"{name} in a warm process, {figure}, p{share}",
                show(took, "ms"),
                bound="" if bound is None else f"≤ {bound:g} ms",
                ok=None if bound is None else took <= bound,
            )
        yield Row(f"{name} in a warm process, {figure}, processor", show(median(spent), "ms"))


def _times(program: Program, queries: Mapping[str, str]) -> dict[str, _Times]:
    """Ask in a process of its own: what this one imported and holds is not in the way."""
    environment = {**program.environment, "PYTHONPATH": str(Path(__file__).parent.parent)}
    asked = orjson.dumps(dict(queries))
    times: dict[str, _Times] = orjson.loads(
        run((sys.executable, "-m", __name__), environment, stdin=asked).stdout
    )
    return times


def _ask(queries: Mapping[str, str]) -> dict[str, _Times]:
    """Return how long each query took, the kinds in turn, parsing included."""
    settings = Settings.from_environment()
    asking = query_traces(settings)
    times: dict[str, _Times] = {name: ([], []) for name in queries}
    for at in range(_TIMES + 1):
        for name, text in queries.items():
            began, had_spent = perf_counter(), process_time()
            query = parse_query(text, now=datetime.now(UTC))
            answer = asking.execute(QueryRequest(query, settings.query_limit))
            took, spent = perf_counter() - began, process_time() - had_spent
            if not answer.hits:
                raise LookupError(f"nothing found by {text}")
            if at > 0:  # the first one opens the index
                times[name][0].append(took * 1000)
                times[name][1].append(spent * 1000)
    return times


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(_ask(orjson.loads(sys.stdin.buffer.read()))))
