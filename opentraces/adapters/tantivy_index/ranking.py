"""Steps, as the engine finds them, to traces in the order asked for."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import tantivy

from opentraces.adapters.tantivy_index.asking import Asking, Question, count_of
from opentraces.domain.ids import TraceId
from opentraces.domain.search import Found, FoundStep, FoundTrace

MOST_STEPS = 3
"""Steps given of one trace."""

_FIRST_LOOK = 8
"""So many hits for each trace wanted are looked at, then eight times as many, and so on."""

_MOST_EQUALS = 16_000
"""Of hits that are equally good, about so many are looked at for the newest."""

_SECOND_LOOK = 16
"""So many hits for each chosen trace that has few steps among the first are looked at."""

_COUNTED_AT_ONCE = 40_000
"""Traces; the engine refuses to count more than 65,000 different ones in one go."""

_KEYS = 2**64


class _Hit(NamedTuple):
    """One document that answers. Hits sort as they stand: the best, then the newest, first."""

    minus_rank: float
    """Its relevance, or its moment, negated."""

    minus_moment: int
    key: int
    step: int

    place: int
    """Which of the documents looked at it is."""


class _Look(NamedTuple):
    """The best documents that answer a query."""

    hits: list[_Hit]
    """Sorted."""

    addresses: list[tantivy.DocAddress]
    """Of all documents looked at, by place."""

    answering: int
    """How many documents answer."""

    def is_whole(self) -> bool:
        """Whether no other document answers."""
        return len(self.hits) == self.answering

    def settles(self, limit: int) -> bool:
        """Whether the first `limit` traces are known, whatever was not looked at."""
        best = list(self.best().values())
        last = best[limit - 1 : limit]
        return limit < 1 or any(hit.minus_rank < self.hits[-1].minus_rank for hit in last)

    def best(self) -> dict[int, _Hit]:
        """Return the best hit of each trace, the best trace first."""
        best: dict[int, _Hit] = {}
        for hit in self.hits:
            best.setdefault(hit.key, hit)
        return best


class Ranking:
    """How to find the first of the traces that answer one query."""

    def __init__(self, asking: Asking, question: Question, *, by_moment: bool) -> None:
        """`by_moment`: the newest first; else by relevance."""
        self._asking = asking
        self._query, self._among = question
        self._by_moment = by_moment

    def found(self, limit: int, *, with_steps: bool) -> Found:
        """Return the first `limit` traces, and how many there are."""
        look = self._enough(limit)
        best = look.best()
        total = len(best) if look.is_whole() else self._total(look.answering, with_steps=with_steps)
        chosen = list(best.values())[:limit]
        steps = self._best_steps(look, [hit.key for hit in chosen]) if with_steps else {}
        return Found(
            total,
            tuple(
                FoundTrace(
                    self._trace(look.addresses[hit.place]),
                    self._score(hit),
                    steps.get(hit.key, ()),
                )
                for hit in chosen
            ),
        )

    def _enough(self, limit: int) -> _Look:
        """Look at so many documents that the first `limit` traces are certain.

        Of many that are equally good, of which no more are looked at, those that the engine has
        first count as the best: that is the same every time, too.
        """
        if self._among is not None:
            return self._look(self._query, max(self._asking.count(self._query), 1))
        sizes = _sizes(max(limit, 1))
        size = next(sizes)
        look = self._look(self._query, size)
        while not (look.is_whole() or look.settles(limit)):
            if size >= _MOST_EQUALS and len(look.best()) >= limit:
                break
            size = next(sizes)
            look = self._look(self._query, size)
        return look

    def _look(self, query: tantivy.Query, size: int) -> _Look:
        searcher = self._asking.searcher
        order = "moment" if self._by_moment else None
        result = searcher.search(query, size, order_by_field=order)
        addresses = [address for _, address in result.hits]
        moments, keys, steps = (
            [int(value or 0) for value in searcher.fast_field_values(name, addresses)]
            for name in ("moment", "key", "step")
        )
        ranks = [-(rank or 0.0) for rank, _ in result.hits]
        columns = (ranks, [-moment for moment in moments], keys, steps, range(len(keys)))
        hits = map(_Hit._make, zip(*columns, strict=True))
        if self._among is None:
            return _Look(sorted(hits), addresses, count_of(result))
        ours = sorted(hit for hit in hits if hit.key in self._among)
        return _Look(ours, addresses, len(ours))

    def _best_steps(self, look: _Look, keys: Sequence[int]) -> Mapping[int, tuple[FoundStep, ...]]:
        """Return the best steps of some traces; of those with few, more documents are looked at."""
        steps = self._steps(look, keys)
        few = [key for key in keys if len(steps[key]) < MOST_STEPS]
        if few and not look.is_whole():
            of_these = self._and(self._asking.of_keys(few))
            more = self._steps(self._look(of_these, len(few) * _SECOND_LOOK), few)
            steps |= {key: found for key, found in more.items() if len(found) > len(steps[key])}
        return steps

    def _steps(self, look: _Look, keys: Sequence[int]) -> dict[int, tuple[FoundStep, ...]]:
        of_each: dict[int, list[_Hit]] = {key: [] for key in keys}
        for hit in look.hits:
            if hit.key in of_each and len(of_each[hit.key]) < MOST_STEPS:
                of_each[hit.key].append(hit)
        return {
            key: tuple(FoundStep(hit.step, self._score(hit)) for hit in hits)
            for key, hits in of_each.items()
        }

    def _total(self, count: int, *, with_steps: bool) -> int:
        """Return how many traces answer; `count` documents do."""
        if not with_steps:
            return count
        traces = min(count, self._asking.count(self._asking.wholes()))
        parts = 1 + traces // _COUNTED_AT_ONCE
        bounds = [_KEYS * part // parts for part in range(parts + 1)]
        return sum(
            self._distinct(self._and(self._asking.keys_between(low, high - 1)))
            for low, high in pairwise(bounds)
        )

    def _distinct(self, query: tantivy.Query) -> int:
        terms = {"field": "key", "size": 2 * _COUNTED_AT_ONCE}
        answer = self._asking.searcher.aggregate(query, {"traces": {"terms": terms}})
        return len(answer["traces"]["buckets"])

    def _and(self, other: tantivy.Query) -> tantivy.Query:
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, self._query), (must, other)])

    def _trace(self, address: tantivy.DocAddress) -> TraceId:
        return TraceId(str(self._asking.searcher.doc(address).get_first("trace")))

    def _score(self, hit: _Hit) -> float:
        return 0.0 if self._by_moment else -hit.minus_rank


def _sizes(limit: int) -> Iterator[int]:
    """Yield how many hits to look at, again and again, until the first `limit` traces are known."""
    yield limit * _FIRST_LOOK
    yield limit * _FIRST_LOOK**2
    size = max(limit * _FIRST_LOOK**2, _MOST_EQUALS)
    while True:
        yield size
        size *= _FIRST_LOOK
