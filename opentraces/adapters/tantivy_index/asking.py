"""A query in the engine's terms.

A step does not say whose trace it is: `agent:` and `project:` are asked of the traces first, and
the steps are then held to the traces found, or kept from those not found, whichever are fewer. When
both are many, the engine would take longer to look them up than we take to pass over the others.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import tantivy
from tantivy import Occur

from opentraces.adapters.tantivy_index.schema import WEIGHTS, field_of
from opentraces.domain.globs import name_regex, path_regex
from opentraces.domain.ids import TraceId
from opentraces.domain.query import Clause, Field, Is, Not, Phrase, Query, Term
from opentraces.domain.reach import OF_TRACES, Reach, plain_clause, reach
from opentraces.domain.search import Place
from opentraces.domain.words import placed_words

_MOST_KEYS = 4000
_NEVER = 2**62

_Part = tuple[Occur, tantivy.Query]


class Question(NamedTuple):
    """What to ask."""

    query: tantivy.Query
    """What the engine decides."""

    among: frozenset[int] | None = None
    """Keys of the only traces of which answers count. None: all do."""


class Asking:
    """How to ask one searcher."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self.searcher = searcher
        self.schema = schema

    def question(self, query: Query) -> Question:
        """Translate a query."""
        kind = reach(query)
        clauses = list(dict.fromkeys(query.clauses))
        parts = [*self._times(query)]
        if kind is Reach.TRACES:
            parts.append((Occur.Must, self.wholes()))
        if kind is Reach.STEPS:
            parts.append((Occur.MustNot, self.wholes()))
        of_traces = [clause for clause in clauses if _is_of_traces(clause)]
        if kind is Reach.TRACES or not of_traces:
            return Question(_all_of([*parts, *self._clauses(clauses, kind)]))
        own = [clause for clause in clauses if clause not in of_traces]
        return self._held_to(of_traces, [*parts, *self._clauses(own, kind)])

    def wholes(self) -> tantivy.Query:
        """Ask for all traces as a whole."""
        return _filter(tantivy.Query.term_query(self.schema, "step", 0))

    def of_keys(self, keys: Iterable[int]) -> tantivy.Query:
        """Ask for the traces, and their steps, of these keys."""
        return _filter(tantivy.Query.term_set_query(self.schema, "key", list(keys)))

    def keys_between(self, low: int, high: int) -> tantivy.Query:
        """Ask for a range of keys, both ends included."""
        kind = tantivy.FieldType.Unsigned
        return _filter(tantivy.Query.range_query(self.schema, "key", kind, low, high))

    def count(self, query: tantivy.Query) -> int:
        """Return how many documents answer."""
        return count_of(self.searcher.search(query, 1))

    def _held_to(self, of_traces: list[Clause], parts: list[_Part]) -> Question:
        """Ask for what answers `parts` and is of a trace that answers `of_traces`."""
        wholes = (Occur.Must, self.wholes())
        wanted = _all_of([wholes, *self._clauses(of_traces, Reach.TRACES)])
        found, every = self.count(wanted), self.count(self.wholes())
        if found == every:
            return Question(_all_of(parts))
        if min(found, every - found) > _MOST_KEYS:
            return Question(_all_of(parts), frozenset(self._keys(wanted, found)))
        if found * 2 <= every:
            keys = self.of_keys(self._keys(wanted, found))
            return Question(_all_of([*parts, (Occur.Must, keys)]))
        others = _all_of([wholes, (Occur.MustNot, wanted)])
        keys = self.of_keys(self._keys(others, every - found))
        return Question(_all_of([*parts, (Occur.MustNot, keys)]))

    def _keys(self, query: tantivy.Query, count: int) -> list[int]:
        hits = self.searcher.search(query, max(count, 1)).hits
        values = self.searcher.fast_field_values("key", [address for _, address in hits])
        return [int(value) for value in values if value is not None]

    def _clauses(self, clauses: Iterable[Clause], kind: Reach) -> list[_Part]:
        return [self._clause(clause, kind) for clause in clauses]

    def _clause(self, clause: Clause, kind: Reach) -> _Part:
        if isinstance(clause, Not):
            return (Occur.MustNot, self._clause(clause.clause, kind)[1])
        if isinstance(clause, Is):
            return (Occur.Must, _filter(self._field(clause)))
        return (Occur.Must, self._text(clause, kind))

    def _text(self, clause: Term | Phrase, kind: Reach) -> tantivy.Query:
        fields = (
            self._words(field, clause.text, weight)
            for field, weight in WEIGHTS.items()
            if kind is Reach.BOTH or field != field_of(Place.TITLE)
        )
        return tantivy.Query.boolean_query([(Occur.Should, field) for field in fields])

    def _words(self, field: str, text: str, weight: float = 1.0) -> tantivy.Query:
        """Ask for the words of a text, in a row."""
        placed = placed_words(text)
        if not placed:
            return tantivy.Query.empty_query()
        first = placed[0][0]
        if len(placed) == 1:
            query = tantivy.Query.term_query(self.schema, field, placed[0][1], "freq")
        else:
            row: list[str | tuple[int, str]] = [(place - first, word) for place, word in placed]
            query = tantivy.Query.phrase_query(self.schema, field, row)
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)

    def _field(self, clause: Is) -> tantivy.Query:
        value = clause.value.encode("utf-8", "replace").decode("utf-8")
        match clause.field:
            case Field.AGENT:
                return self._words("of_agent", value)
            case Field.PROJECT:
                return self._project(value)
            case Field.MODEL:
                return self._words("of_model", value)
            case Field.TOOL:
                return self._regex("called", name_regex(value))
            case Field.FILE:
                return self._regex("file", path_regex(value))
            case Field.ERROR:
                failed = int(value == "true")
                return tantivy.Query.term_query(self.schema, "failed", failed)

    def _project(self, value: str) -> tantivy.Query:
        if value.startswith("/"):
            return self._regex("folder", path_regex(value))
        return self._words("of_project", value)

    def _regex(self, field: str, regex: str) -> tantivy.Query:
        """Ask for a field that matches as a whole; by looking at all there are, if need be.

        The engine refuses an expression of more than a thousand states.
        """
        try:
            return tantivy.Query.regex_query(self.schema, field, regex)
        except ValueError:
            asked = re.compile(regex)
            every = self.searcher.terms_with_prefix(field, "")
            matching = [term for term, _ in every if asked.fullmatch(term)]
            return tantivy.Query.term_set_query(self.schema, field, matching)

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
        return _filter(tantivy.Query.range_query(self.schema, field, kind, low + 1, high - 1))


def one_document(schema: tantivy.Schema, trace: TraceId, step: int) -> tantivy.Query:
    """Ask for one step of a trace, or, as step 0, for the trace as a whole."""
    same_trace = tantivy.Query.term_query(schema, "trace", trace)
    same_step = tantivy.Query.term_query(schema, "step", step)
    return tantivy.Query.boolean_query([(Occur.Must, same_trace), (Occur.Must, same_step)])


def count_of(result: tantivy.SearchResult) -> int:
    """Return how many documents answer, beyond those given."""
    return int(result.count)  # type: ignore[attr-defined]


def _is_of_traces(clause: Clause) -> bool:
    plain = plain_clause(clause)
    return isinstance(plain, Is) and plain.field in OF_TRACES


def _all_of(parts: list[_Part]) -> tantivy.Query:
    """Ask for everything that holds of all parts; of none, for everything."""
    if not any(occur == Occur.Must for occur, _ in parts):
        parts = [(Occur.Must, _filter(tantivy.Query.all_query())), *parts]
    return tantivy.Query.boolean_query(parts)


def _filter(query: tantivy.Query) -> tantivy.Query:
    """Let a query decide, and not weigh."""
    return tantivy.Query.const_score_query(query, 0.0)
