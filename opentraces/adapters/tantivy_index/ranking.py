"""Steps, as the engine finds them, to traces in the order asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import tantivy

from opentraces.adapters.tantivy_index.asking import Asking, Question
from opentraces.adapters.tantivy_index.schema import trace_key
from opentraces.domain.search import Cursor, Found, FoundStep, FoundTrace, Order

MOST_STEPS = 3
"""Steps given of one trace."""

_FIRST_LOOK = 8
"""So many hits for each trace wanted are looked at, if they are not all, and then more."""

_FIRST_FOUND = 8
"""So many times as many are asked for: what answers a query that finds few is all known then."""

_FIRST_FOUND_OF_ROWS = 32
"""The same where words in a row are asked for: the engine takes long to find where they are."""

_MORE = 8
"""So many times as many are asked for, again and again, until enough is known."""

_MOST_EQUALS = 16_000
"""Of hits that are equally good, about so many are looked at for the newest."""

_SECOND_LOOK = 16
"""So many hits for each chosen trace that has few steps among the first are looked at."""


_Found = tuple[float | None, tantivy.DocAddress]
"""A document that the engine found, with its relevance or moment."""


class Hit(NamedTuple):
    """One document that answers. Hits sort as they stand: the best, then the newest, first."""

    minus_rank: float
    """Its relevance, or its moment, negated."""

    minus_moment: int
    key: int
    step: int

    place: int
    """Which of the documents looked at it is."""


class Look(NamedTuple):
    """The best documents that answer a query."""

    hits: list[Hit]
    """Sorted."""

    addresses: list[tantivy.DocAddress]
    """Of all documents looked at, by place."""

    worst: float
    """The rank of the last document looked at, negated; none that was not looked at is better."""

    is_whole: bool
    """Whether no other document answers."""

    def settles(self, limit: int) -> bool:
        """Whether the first `limit` traces are known, whatever was not looked at."""
        best = self.ordered()
        last = best[limit - 1 : limit]
        return limit < 1 or any(hit.minus_rank < self.worst for hit in last)

    def ordered(self) -> list[Hit]:
        """Return the best hit of each trace, the best trace first."""
        return list(self.best().values())

    def best(self) -> dict[int, Hit]:
        """Return the best hit of each trace, the best trace first."""
        best: dict[int, Hit] = {}
        for hit in self.hits:
            best.setdefault(hit.key, hit)
        return best


class Ranking:
    """How to find the first of the traces that answer one query."""

    def __init__(
        self, asking: Asking, question: Question, *, by_moment: bool, of_rows: bool = False
    ) -> None:
        """`by_moment`: the newest first; else by relevance. `of_rows`: words in a row are asked."""
        self._asking = asking
        self._question = question
        self._query = question.query
        self._by_moment = by_moment
        self._first_found = _FIRST_FOUND_OF_ROWS if of_rows else _FIRST_FOUND

    def found(self, limit: int, after: Cursor | None, *, with_steps: bool) -> Found:
        """Return the first `limit` traces behind `after`, and how many there are in all."""
        look, start = self._enough(limit, after)
        best = look.ordered()
        total = len(best) if look.is_whole else self._total(with_steps=with_steps)
        chosen = best[start : start + limit]
        steps = self.best_steps(look, [hit.key for hit in chosen]) if with_steps else {}
        traces = tuple(self._trace(look, hit, steps.get(hit.key, ())) for hit in chosen)
        return Found(total, traces, is_all=start + len(chosen) >= total)

    def _trace(self, look: Look, hit: Hit, steps: tuple[FoundStep, ...]) -> FoundTrace:
        order = Order.TIME if self._by_moment else Order.RELEVANCE
        trace = self._asking.trace(look.addresses[hit.place])
        return FoundTrace(
            trace=trace,
            score=self._score(hit),
            steps=steps,
            cursor=Cursor(order, -hit.minus_rank, -hit.minus_moment, trace),
            subjects=self._asking.subjects(hit.key) if any(not s.step for s in steps) else (),
        )

    def _enough(self, limit: int, after: Cursor | None) -> tuple[Look, int]:
        """Look at so many documents that the first `limit` traces behind `after` are certain.

        Returns, too, how many traces come before them. Of many that are equally good, of which no
        more are looked at, those that the engine has first count as the best: that is the same
        every time, too.
        """
        looks = self._looks(max(limit, 1))
        while True:
            look = next(looks)
            start = _start(look, after)
            if look.is_whole or (start is not None and look.settles(start + limit)):
                return look, start or 0
            is_much = len(look.addresses) >= _MOST_EQUALS and start is not None
            if is_much and len(look.best()) >= (start or 0) + limit:
                return look, start or 0

    def _looks(self, limit: int) -> Iterator[Look]:
        """Look at more and more documents, until all that answer were looked at."""
        first = limit * _FIRST_LOOK
        size = first * self._first_found
        while True:
            found = self._found(self._query, size)
            if len(found) == size > first:
                yield self._look(found[:first], is_whole=False)
            yield self._look(found, is_whole=len(found) < size)
            first, size = size, max(size * _MORE, _MOST_EQUALS)

    def look(self, query: tantivy.Query, size: int) -> Look:
        """Return the best documents that answer a query, at most `size`."""
        found = self._found(query, size)
        return self._look(found, is_whole=len(found) < size)

    def _found(self, query: tantivy.Query, size: int) -> list[_Found]:
        """Find the best documents, at most `size`, the best first.

        They are not counted: only then the engine may pass over what cannot be among the first.
        """
        order = "moment" if self._by_moment else None
        hits: list[_Found] = self._asking.searcher.search(
            query, size, count=False, order_by_field=order
        ).hits
        return hits

    def _look(self, found: list[_Found], *, is_whole: bool) -> Look:
        addresses = [address for _, address in found]
        moments, keys, steps = (
            [int(value or 0) for value in self._asking.searcher.fast_field_values(name, addresses)]
            for name in ("moment", "key", "step")
        )
        ranks = [-(rank or 0.0) for rank, _ in found]
        columns = (ranks, [-moment for moment in moments], keys, steps, range(len(keys)))
        kept = sorted(map(Hit._make, zip(*columns, strict=True)))
        if self._question.among is not None:
            ours = self._question.among.of(keys)
            kept = [hit for hit in kept if hit.key in ours]
        return Look(kept, addresses, ranks[-1] if ranks else 0.0, is_whole)

    def best_steps(self, look: Look, keys: Sequence[int]) -> Mapping[int, tuple[FoundStep, ...]]:
        """Return the best steps of some traces; of those with few, more documents are looked at."""
        steps = self.steps(look, keys)
        few = [key for key in keys if len(steps[key]) < MOST_STEPS]
        if few and not look.is_whole:
            of_these = self._and(self._asking.of_keys(few))
            more = self.steps(self.look(of_these, len(few) * _SECOND_LOOK), few)
            steps |= {key: found for key, found in more.items() if len(found) > len(steps[key])}
        return steps

    def steps(self, look: Look, keys: Sequence[int]) -> dict[int, tuple[FoundStep, ...]]:
        """Return the best of the steps looked at, of some traces."""
        of_each: dict[int, list[Hit]] = {key: [] for key in keys}
        for hit in look.hits:
            if hit.key in of_each and len(of_each[hit.key]) < MOST_STEPS:
                of_each[hit.key].append(hit)
        return {
            key: tuple(FoundStep(hit.step, self._score(hit)) for hit in hits)
            for key, hits in of_each.items()
        }

    def _total(self, *, with_steps: bool) -> int:
        """Return how many traces answer."""
        if not with_steps:
            return self._asking.count(self._query)
        if self._question.among is None:
            return self._asking.number_of(self._query)
        return len(self._question.keys_among(self._asking.keys_of(self._query)))

    def _and(self, other: tantivy.Query) -> tantivy.Query:
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, self._query), (must, other)])

    def _score(self, hit: Hit) -> float:
        return 0.0 if self._by_moment else -hit.minus_rank


def _start(look: Look, after: Cursor | None) -> int | None:
    """Return how many traces come before what is behind `after`. None: more must be looked at.

    Relevance changes with what is indexed: there the trace itself says where it stands now.
    """
    if after is None:
        return 0
    best = look.ordered()
    key = trace_key(after.trace)
    if after.order is Order.RELEVANCE:
        place = next((at for at, hit in enumerate(best) if hit.key == key), None)
        if place is not None:
            return place + 1
        if not look.is_whole:
            return None
    mark = (-after.rank, -after.moment, key)
    start = sum((hit.minus_rank, hit.minus_moment, hit.key) <= mark for hit in best)
    return None if start == len(best) and not look.is_whole else start
