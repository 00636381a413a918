"""Traces that answer, the one that cost the most first."""

from collections.abc import Sequence

import tantivy
from tantivy import Occur

from opentraces.adapters.tantivy_index.asking import Asking, Question
from opentraces.adapters.tantivy_index.ranking import MOST_STEPS, Ranking
from opentraces.adapters.tantivy_index.schema import cost_said, trace_key
from opentraces.domain.search import Cursor, Found, FoundTrace, Order

_MOST_KEYS = 4000

_Row = tuple[int, int, int]
"""What a trace cost and its moment, both negated, and its key."""


class CostRanking:
    """How to find the dearest of the traces that answer one query."""

    def __init__(self, asking: Asking, question: Question) -> None:
        self._asking = asking
        self._question = question

    def found(self, limit: int, after: Cursor | None, *, with_steps: bool) -> Found:
        """Return the first `limit` traces behind `after`, and how many there are in all."""
        rows = self._rows()
        start = sum(row <= _mark(after) for row in rows) if after is not None else 0
        chosen = rows[start : start + limit]
        traces = self._traces(chosen, with_steps=with_steps) if chosen else ()
        return Found(len(rows), traces, is_all=start + len(chosen) >= len(rows))

    def _rows(self) -> list[_Row]:
        """Return all traces that answer, in order."""
        keys = self._question.keys_among(self._asking.keys_of(self._question.query))
        wholes = self._asking.wholes()
        if len(keys) <= _MOST_KEYS:
            of_these = (Occur.Must, self._asking.of_keys(keys))
            wholes = tantivy.Query.boolean_query([(Occur.Must, wholes), of_these])
        columns = self._asking.columns(wholes, ("cost", "moment", "key"))
        rows = [(-cost, -moment, key) for cost, moment, key in zip(*columns, strict=True)]
        told = {key for _, _, key in rows}
        return sorted(
            [row for row in rows if row[2] in keys] + [(0, 0, key) for key in keys - told]
        )

    def _traces(self, rows: Sequence[_Row], *, with_steps: bool) -> tuple[FoundTrace, ...]:
        keys = [key for _, _, key in rows]
        of_these = (Occur.Must, self._asking.of_keys(keys))
        query = tantivy.Query.boolean_query([(Occur.Must, self._question.query), of_these])
        ranking = Ranking(self._asking, Question(query), by_moment=False)
        look = ranking.look(query, max(self._asking.count(query), 1))
        best = look.best()
        steps = ranking.steps(look, keys) if with_steps else {}
        found = []
        for cost, moment, key in rows:
            trace = self._asking.trace(look.addresses[best[key].place])
            given = steps.get(key, ())[:MOST_STEPS]
            found.append(
                FoundTrace(
                    trace=trace,
                    score=-best[key].minus_rank,
                    steps=given,
                    cursor=Cursor(Order.COST, -cost, -moment, trace),
                    subjects=self._asking.subjects(key) if any(not s.step for s in given) else (),
                    cost=cost_said(-cost),
                )
            )
        return tuple(found)


def _mark(after: Cursor) -> _Row:
    return -int(after.rank), -after.moment, trace_key(after.trace)
