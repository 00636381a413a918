"""How many traces answer with each value of a property."""

import tantivy
from tantivy import Occur

from opentraces.adapters.tantivy_index.asking import Asking, Question
from opentraces.adapters.tantivy_index.schema import FACETS
from opentraces.domain.search import MOST_COUNTED, Facet, FacetCount

_OF_STEPS = (Facet.MODEL, Facet.TOOL, Facet.SKILL)
_LOOKED_AT = 4 * MOST_COUNTED
_MOST_KEYS = 4000


class Counting:
    """How to count the traces that answer one query."""

    def __init__(self, asking: Asking, question: Question, *, with_steps: bool) -> None:
        """`with_steps`: steps answer; else traces as a whole."""
        self._asking = asking
        self._query = question.query
        self._keys = question.keys_among(asking.keys_of(self._query))
        self._with_steps = with_steps

    def counted(self, facet: Facet) -> tuple[FacetCount, ...]:
        """Count by one property; most first."""
        field = FACETS[facet]
        base = self._base(is_of_steps=facet in _OF_STEPS)
        terms = {"values": {"terms": {"field": field, "size": _LOOKED_AT}}}
        buckets = self._asking.searcher.aggregate(base, terms)["values"]["buckets"]
        counts = [self._count(base, field, str(bucket["key"])) for bucket in buckets]
        ordered = sorted(counts, key=lambda each: (-each.traces, each.value))
        return tuple(each for each in ordered if each.traces)[:MOST_COUNTED]

    def _base(self, *, is_of_steps: bool) -> tantivy.Query:
        """Ask for the documents that have the property, of the traces that answer."""
        if is_of_steps and self._with_steps:
            return self._query
        wholes = self._asking.wholes()
        everything = (Occur.Must, tantivy.Query.all_query())
        parts = [everything, (Occur.MustNot if is_of_steps else Occur.Must, wholes)]
        if len(self._keys) <= _MOST_KEYS:
            parts.append((Occur.Must, self._asking.of_keys(self._keys)))
        return tantivy.Query.boolean_query(parts)

    def _count(self, base: tantivy.Query, field: str, value: str) -> FacetCount:
        term = tantivy.Query.term_query(self._asking.schema, field, value)
        both = tantivy.Query.boolean_query([(Occur.Must, base), (Occur.Must, term)])
        keys = self._asking.keys_of(both)
        return FacetCount(value, len(keys & self._keys))
