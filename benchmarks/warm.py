"""What a query takes inside a process that is warm already: the use case itself, snippets included.

This alone is not measured through the command line: it imports the installed package. Each query
asks for something else, so that nothing which was held for the one before helps.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, NamedTuple, cast

import orjson

from benchmarks.corpus.vocabulary import make_vocabulary
from benchmarks.processes import run
from benchmarks.program import Program
from benchmarks.table import Row, show
from opentraces.application.query_traces import QueryRequest
from opentraces.domain.query_text import parse_query
from opentraces.domain.search import Found
from opentraces.entrypoints.container.searching import query_traces
from opentraces.entrypoints.settings import Settings
from opentraces.ports.index import TraceIndex

_SEED = 7
_EACH = 144
_USUAL, _FREQUENT, _RARE = 20, 80, 20_000
"""From which rank on words are taken: for phrases, behind those that only join others, among those
that few sessions hold."""

_PERCENT = 100
_MOST_EMPTY = 0.1


class Bounds(NamedTuple):
    """What may not be exceeded, in milliseconds."""

    half: float
    """By half of the queries."""

    most: float | None
    """By 95 of 100. None: that only informs."""


class Took(NamedTuple):
    """How long the queries of one kind took, in milliseconds."""

    clock: list[float]
    processor: list[float]
    empty: int
    """How many of them found nothing."""

    found: list[float]
    """Of the clock, until the index had named the steps: all but what is read and quoted."""


def rows(program: Program, project: str, figure: str, bounds: Bounds) -> Iterator[Row]:
    """Yield, for each kind of query, what half and 95 of 100 took.

    Beside it, without a bound, what the processor took of it, which is the same on a busy machine,
    and what the index did, before anything was read and quoted.
    """
    for name, took in _took(program, queries_of(project)).items():
        ordered = quantiles(took.clock, n=_PERCENT)
        kind = f"query {name} in a warm process, {figure}"
        for share, bound in zip((50, 95), bounds, strict=True):
            spent = ordered[share - 1]
            yield Row(
                f"{kind}, p{share}",
                show(spent, "ms"),
                bound="" if bound is None else f"≤ {bound:g} ms",
                ok=None if bound is None else spent <= bound,
            )
        yield Row(f"{kind}, processor", show(median(took.processor), "ms"))
        yield Row(f"{kind}, the index alone, p50", show(median(took.found), "ms"))
        if took.empty > _MOST_EMPTY * _EACH:
            yield Row(f"{kind}, found nothing", str(took.empty), str(_EACH), bound="few", ok=False)


def queries_of(project: str) -> dict[str, list[str]]:
    """Return what is asked of a corpus of the usual vocabulary: of each kind, many."""
    words = make_vocabulary(_SEED).words
    frequent = words[_FREQUENT : _FREQUENT + _EACH]
    pairs = product(words[_USUAL : _USUAL + round(_EACH**0.5)], repeat=2)
    return {
        "frequent word": list(frequent),
        "rare word": list(words[_RARE : _RARE + _EACH]),
        "phrase": [f'"{one} {other}"' for one, other in pairs],
        "filtered": [f"{word} tool:Bash project:{project}" for word in frequent],
    }


def _took(program: Program, queries: Mapping[str, list[str]]) -> dict[str, Took]:
    """Ask in a process of its own: what this one imported and holds is not in the way."""
    environment = {**program.environment, "PYTHONPATH": str(Path(__file__).parent.parent)}
    answer = run((sys.executable, "-m", __name__), environment, stdin=orjson.dumps(dict(queries)))
    return {name: Took(*took) for name, took in orjson.loads(answer.stdout).items()}


def _ask(queries: Mapping[str, list[str]]) -> dict[str, Took]:
    """Return how long each query took, the kinds in turn, parsing included.

    All are asked once before: that warms the caches of the disk.
    """
    settings = Settings.from_environment()
    asking = query_traces(settings)
    index = _Timed(asking.index)
    asking = replace(asking, index=cast("TraceIndex", index))
    for _ in range(2):
        times = {name: Took([], [], 0, []) for name in queries}
        for at in range(_EACH):
            for name, texts in queries.items():
                began, had_spent = perf_counter(), process_time()
                query = parse_query(texts[at], now=datetime.now(UTC))
                answer = asking.execute(QueryRequest(query, settings.query_limit))
                took, spent = perf_counter() - began, process_time() - had_spent
                times[name].clock.append(took * 1000)
                times[name].processor.append(spent * 1000)
                times[name].found.append(index.took * 1000)
                times[name] = times[name]._replace(empty=times[name].empty + (not answer.hits))
    return times


class _Timed:
    """An index, and how long it searched last, in seconds."""

    def __init__(self, index: TraceIndex) -> None:
        self._index = index
        self.took = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def search(self, *asked: Any, **more: Any) -> Found:
        """See TraceIndex."""
        began = perf_counter()
        found = self._index.search(*asked, **more)
        self.took = perf_counter() - began
        return found


if __name__ == "__main__":
    asked = _ask(orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps({name: [*took] for name, took in asked.items()}))
