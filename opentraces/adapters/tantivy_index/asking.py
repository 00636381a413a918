"""A query in the engine's terms.

A step does not say whose trace it is: what a trace has as a whole is asked of the traces first, and
the steps are then held to the traces found, or kept from those not found, whichever are fewer. When
both are many, the engine would take longer to look them up than we take to pass over the others.

Who asks for traces of one kind asks again: what was found of the last few kinds is held as long as
the searcher is, which sees nothing that is committed later.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import tantivy
from tantivy import Occur

from opentraces.adapters.tantivy_index.among import Among
from opentraces.adapters.tantivy_index.fields import Fields, as_filter
from opentraces.adapters.tantivy_index.schema import SUBJECTS
from opentraces.adapters.tantivy_index.wording import Wording
from opentraces.domain.ids import TraceId
from opentraces.domain.query import All, Any, Clause, Is, Not, Query
from opentraces.domain.reach import Reach, is_of_trace, reach

_MOST_KEYS = 4000
_NEVER = 2**62

_FEW_KEYS = 64
"""So many keys the engine finds faster one by one than as a set."""

_HELD = 4
"""Kinds of traces of which it is held which they are."""

_COUNTED_AT_ONCE = 40_000
"""Traces; the engine refuses to count more than 65,000 different ones in one go."""

_KEYS = 2**64
_AMOUNTS = ("step", "unit", "tokens", "cost", "failed")

_Part = tuple[Occur, tantivy.Query]


class Question(NamedTuple):
    """What to ask."""

    query: tantivy.Query
    """What the engine decides."""

    among: Among | None = None
    """The only traces of which answers count. None: all do."""

    def keys_among(self, keys: Iterable[int]) -> set[int]:
        """Return those of the keys whose answers count."""
        return set(keys) if self.among is None else self.among.of(keys)


class _Held(NamedTuple):
    """How steps are held to the traces of one kind: by the engine, by us, or by neither."""

    part: _Part | None = None
    among: Among | None = None


class Asking:
    """How to ask one searcher."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self.searcher = searcher
        self.schema = schema
        self._fields = Fields(searcher, schema)
        self._traces: int | None = None
        self._held: dict[tuple[Clause, ...], _Held] = {}

    def question(self, query: Query) -> Question:
        """Translate a query."""
        kind = reach(query)
        clauses = list(dict.fromkeys(query.clauses))
        parts = [*self._times(query)]
        if kind is Reach.TRACES:
            parts.append((Occur.Must, self.wholes()))
        if kind is Reach.STEPS:
            parts.append((Occur.MustNot, self.wholes()))
        of_traces = [clause for clause in clauses if is_of_trace(clause)]
        if kind is Reach.TRACES or not of_traces:
            return Question(_all_of([*parts, *self._clauses(clauses, kind)]))
        own = [clause for clause in clauses if clause not in of_traces]
        parts += self._clauses(own, kind)
        held = self._held_to(tuple(of_traces))
        return Question(_all_of([*parts, held.part] if held.part else parts), held.among)

    def wholes(self) -> tantivy.Query:
        """Ask for all traces as a whole."""
        return as_filter(tantivy.Query.term_query(self.schema, "step", 0))

    def of_keys(self, keys: Iterable[int]) -> tantivy.Query:
        """Ask for the traces, and their steps, of these keys."""
        named = list(keys)
        if not 0 < len(named) <= _FEW_KEYS:
            return as_filter(tantivy.Query.term_set_query(self.schema, "key", named))
        several = [tantivy.Query.term_query(self.schema, "key", key) for key in named]
        one_of = [(Occur.Should, query) for query in several]
        return as_filter(tantivy.Query.boolean_query(one_of))

    def keys_between(self, low: int, high: int) -> tantivy.Query:
        """Ask for a range of keys, both ends included."""
        kind = tantivy.FieldType.Unsigned
        return as_filter(tantivy.Query.range_query(self.schema, "key", kind, low, high))

    def count(self, query: tantivy.Query) -> int:
        """Return how many documents answer."""
        return int(self.searcher.search(query, 1).count)  # type: ignore[attr-defined]

    def trace(self, address: tantivy.DocAddress) -> TraceId:
        """Return whose document it is."""
        return TraceId(str(self.searcher.doc(address).get_first("trace")))

    def subjects(self, key: int) -> tuple[str, ...]:
        """Return what the commits of a trace are about."""
        whole = tantivy.Query.boolean_query(
            [(Occur.Must, self.wholes()), (Occur.Must, self.of_keys([key]))]
        )
        for _, address in self.searcher.search(whole, 1).hits:
            said = self.searcher.doc(address).get_first(SUBJECTS)
            return tuple(bytes(said).decode().split("\n")) if said else ()
        return ()

    def keys_of(self, query: tantivy.Query) -> set[int]:
        """Return the keys of all traces of which something answers."""
        return {int(bucket["key"]) for part in self._parts(query) for bucket in self._buckets(part)}

    def number_of(self, query: tantivy.Query) -> int:
        """Return of how many traces something answers."""
        return sum(len(self._buckets(part)) for part in self._parts(query))

    def _parts(self, query: tantivy.Query) -> Iterator[tantivy.Query]:
        """Yield a query for each part of the traces: so many as the engine counts in one go."""
        traces = self.traces()
        if traces >= _COUNTED_AT_ONCE:
            traces = min(self.count(query), traces)
        parts = 1 + traces // _COUNTED_AT_ONCE
        if parts == 1:
            yield query
            return
        for low, high in pairwise(_KEYS * part // parts for part in range(parts + 1)):
            between = (Occur.Must, self.keys_between(low, high - 1))
            yield tantivy.Query.boolean_query([(Occur.Must, query), between])

    def traces(self) -> int:
        """Return how many traces there are; looked up once."""
        if self._traces is None:
            self._traces = self.count(self.wholes())
        return self._traces

    def amounts(self, trace: TraceId) -> Iterator[tuple[int, ...]]:
        """Yield number, unit, tokens, cost and failure of each step of a trace, as indexed."""
        same = tantivy.Query.term_query(self.schema, "trace", trace)
        steps = tantivy.Query.boolean_query([(Occur.Must, same), (Occur.MustNot, self.wholes())])
        return zip(*self.columns(steps, _AMOUNTS), strict=True)

    def columns(self, query: tantivy.Query, names: Iterable[str]) -> list[list[int]]:
        """Return numbers of all documents that answer, a list for each name."""
        hits = self.searcher.search(query, max(self.count(query), 1)).hits
        addresses = [address for _, address in hits]
        return [
            [int(value or 0) for value in self.searcher.fast_field_values(name, addresses)]
            for name in names
        ]

    def _buckets(self, query: tantivy.Query) -> list[dict[str, int]]:
        """Return a bucket for each trace of which something answers."""
        terms = {"field": "key", "size": 2 * _COUNTED_AT_ONCE}
        answer = self.searcher.aggregate(query, {"traces": {"terms": terms}})
        buckets: list[dict[str, int]] = answer["traces"]["buckets"]
        return buckets

    def _held_to(self, of_traces: tuple[Clause, ...]) -> _Held:
        """Return how steps are held to the traces that answer; looked up once."""
        held = self._held.pop(of_traces, None) or self._looked_up(of_traces)
        self._held[of_traces] = held
        if len(self._held) > _HELD:
            self._held.pop(next(iter(self._held)))
        return held

    def _looked_up(self, of_traces: tuple[Clause, ...]) -> _Held:
        wholes = (Occur.Must, self.wholes())
        wanted = _all_of([wholes, *self._clauses(of_traces, Reach.TRACES)])
        found, every = self.count(wanted), self.traces()
        if found == every:
            return _Held()
        if min(found, every - found) > _MOST_KEYS:
            return _Held(among=Among(lambda keys: self._keys(self._of(wanted, keys))))
        if found * 2 <= every:
            return _Held((Occur.Must, self.of_keys(self._keys(wanted))))
        others = _all_of([wholes, (Occur.MustNot, wanted)])
        return _Held((Occur.MustNot, self.of_keys(self._keys(others))))

    def _of(self, query: tantivy.Query, keys: Iterable[int] | None) -> tantivy.Query:
        """Ask for what answers a query and has one of some keys. None: any key."""
        return (
            query
            if keys is None
            else _all_of([(Occur.Must, query), (Occur.Must, self.of_keys(keys))])
        )

    def _keys(self, query: tantivy.Query) -> list[int]:
        return self.columns(query, ("key",))[0]

    def _clauses(self, clauses: Iterable[Clause], kind: Reach) -> list[_Part]:
        return [self._clause(clause, kind) for clause in clauses]

    def _clause(self, clause: Clause, kind: Reach) -> _Part:
        if isinstance(clause, Not):
            return (Occur.MustNot, self._clause(clause.clause, kind)[1])
        if isinstance(clause, Any):
            several = [(Occur.Should, self._alone(each, kind)) for each in clause.clauses]
            return (Occur.Must, tantivy.Query.boolean_query(several))
        if isinstance(clause, All):
            return (Occur.Must, _all_of(self._clauses(clause.clauses, kind)))
        if isinstance(clause, Is):
            return (Occur.Must, as_filter(self._field(clause, kind)))
        wording = Wording(self.schema, with_titles=kind is Reach.BOTH)
        return (Occur.Must, wording.query(clause))

    def _alone(self, clause: Clause, kind: Reach) -> tantivy.Query:
        """Ask for what one clause says by itself."""
        part = self._clause(clause, kind)
        return _all_of([part]) if part[0] == Occur.MustNot else part[1]

    def _field(self, clause: Is, kind: Reach) -> tantivy.Query:
        """Ask for a field; beside a step, what its trace has is asked of the traces."""
        asked = self._fields.query(clause)
        has_it_itself = kind is Reach.TRACES or not is_of_trace(clause)
        if not has_it_itself or self._fields.is_of_any(clause):
            return self.of_keys(set(self._keys(as_filter(asked))))
        return asked

    def _times(self, query: Query) -> Iterable[_Part]:
        """Bound the time; 0 is no time, and within no bound."""
        if query.since is not None:
            yield (Occur.Must, self._between("moment", max(query.since, 0), _NEVER))
        if query.until is not None:
            yield (Occur.Must, self._between("begun", 0, query.until))

    def _between(self, field: str, low: int, high: int) -> tantivy.Query:
        """Ask for moments between two others, these not included."""
        if high - low < 2:
            return tantivy.Query.empty_query()
        kind = tantivy.FieldType.Integer
        return as_filter(tantivy.Query.range_query(self.schema, field, kind, low + 1, high - 1))


def one_document(schema: tantivy.Schema, trace: TraceId, step: int) -> tantivy.Query:
    """Ask for one step of a trace, or, as step 0, for the trace as a whole."""
    same_trace = tantivy.Query.term_query(schema, "trace", trace)
    same_step = tantivy.Query.term_query(schema, "step", step)
    return tantivy.Query.boolean_query([(Occur.Must, same_trace), (Occur.Must, same_step)])


def _all_of(parts: list[_Part]) -> tantivy.Query:
    """Ask for everything that holds of all parts; of none, for everything."""
    if not any(occur == Occur.Must for occur, _ in parts):
        parts = [(Occur.Must, as_filter(tantivy.Query.all_query())), *parts]
    return tantivy.Query.boolean_query(parts)
