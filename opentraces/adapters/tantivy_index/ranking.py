"""Steps, as the engine finds them, to traces in the order asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import tantivy

from opentraces.adapters.tantivy_index.asking import Asking, count_of
from opentraces.domain.ids import TraceId
from opentraces.domain.search import Found, FoundStep, FoundTrace

MOST_STEPS = 3
"""Steps given of one trace."""

_FIRST_LOOK = 8
"""So many hits for each trace wanted are looked at, then eight times as many, and so on."""

_SECOND_LOOK = 2000
"""Of the traces chosen, so many hits are looked at for their best steps."""

_COUNTED_AT_ONCE = 40_000
"""Traces; the engine refuses to count more than 65,000 different ones in one go."""

_KEYS = 2**64
_COLUMNS = ("moment", "key", "step")


@dataclass(frozen=True, slots=True)
class _Hit:
    """One document that answers."""

    rank: float
    """Its relevance, or its moment; higher is better."""

    moment: int
    key: int
    step: int
    address: tantivy.DocAddress

    def order(self) -> tuple[float, int, int, int]:
        """Sort best first, of equally good ones the newest, and always the same."""
        return (-self.rank, -self.moment, self.key, self.step)


@dataclass(frozen=True, slots=True)
class Ranking:
    """How to find the first of the traces that answer one query."""

    asking: Asking
    query: tantivy.Query
    by_moment: bool
    """Newest first; else by relevance."""

    def found(self, limit: int, *, with_steps: bool) -> Found:
        """Return the first `limit` traces, and how many there are."""
        hits, count = self._enough(limit)
        chosen = sorted(_best_of_each(hits).values(), key=_Hit.order)
        total = len(chosen) if len(hits) == count else self._total(count, with_steps=with_steps)
        chosen = chosen[:limit]
        if with_steps and len(hits) < count and chosen:
            keys = self.asking.of_keys(hit.key for hit in chosen)
            hits, _ = self._hits(self._and(keys), _SECOND_LOOK)
        steps = self._steps(hits, {hit.key for hit in chosen}) if with_steps else {}
        return Found(
            total,
            tuple(
                FoundTrace(self._trace(hit), self._score(hit), steps.get(hit.key, ()))
                for hit in chosen
            ),
        )

    def _enough(self, limit: int) -> tuple[list[_Hit], int]:
        """Return the best hits, so many that the first `limit` traces are certain."""
        size = max(limit, 1) * _FIRST_LOOK
        while True:
            hits, count = self._hits(self.query, size)
            ranks = sorted((hit.rank for hit in _best_of_each(hits).values()), reverse=True)
            is_settled = len(ranks) >= limit > 0 and hits[-1].rank < ranks[limit - 1]
            if len(hits) == count or is_settled or limit < 1:
                return hits, count
            size *= _FIRST_LOOK

    def _hits(self, query: tantivy.Query, size: int) -> tuple[list[_Hit], int]:
        searcher = self.asking.searcher
        order = "moment" if self.by_moment else None
        result = searcher.search(query, size, order_by_field=order)
        addresses = [address for _, address in result.hits]
        columns = (searcher.fast_field_values(name, addresses) for name in _COLUMNS)
        hits = [
            _Hit(float(rank or 0), int(moment or 0), int(key or 0), int(step or 0), address)
            for (rank, address), moment, key, step in zip(result.hits, *columns, strict=True)
        ]
        return hits, count_of(result)

    def _steps(self, hits: Iterable[_Hit], keys: set[int]) -> dict[int, tuple[FoundStep, ...]]:
        """Return the best steps of the chosen traces."""
        of_each: dict[int, list[FoundStep]] = {}
        for hit in sorted(hits, key=_Hit.order):
            if hit.key in keys and len(found := of_each.setdefault(hit.key, [])) < MOST_STEPS:
                found.append(FoundStep(hit.step, self._score(hit)))
        return {key: tuple(found) for key, found in of_each.items()}

    def _total(self, count: int, *, with_steps: bool) -> int:
        """Return how many traces answer; `count` documents do."""
        if not with_steps:
            return count
        parts = 1 + self.asking.count(self.asking.wholes()) // _COUNTED_AT_ONCE
        bounds = [_KEYS * part // parts for part in range(parts + 1)]
        return sum(
            self._distinct(self._and(self.asking.keys_between(low, high - 1)))
            for low, high in pairwise(bounds)
        )

    def _distinct(self, query: tantivy.Query) -> int:
        terms = {"field": "key", "size": 2 * _COUNTED_AT_ONCE}
        answer = self.asking.searcher.aggregate(query, {"traces": {"terms": terms}})
        return len(answer["traces"]["buckets"])

    def _and(self, other: tantivy.Query) -> tantivy.Query:
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, self.query), (must, other)])

    def _trace(self, hit: _Hit) -> TraceId:
        return TraceId(str(self.asking.searcher.doc(hit.address).get_first("trace")))

    def _score(self, hit: _Hit) -> float:
        return 0.0 if self.by_moment else hit.rank


def _best_of_each(hits: Iterable[_Hit]) -> dict[int, _Hit]:
    """Return the best hit of each trace."""
    best: dict[int, _Hit] = {}
    for hit in hits:
        if hit.key not in best or hit.order() < best[hit.key].order():
            best[hit.key] = hit
    return best
