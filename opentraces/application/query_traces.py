"""Find kept traces again. Imports no models: a search must start at once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from opentraces.domain.errors import Corrupt, NewerFormat, StepNotFound, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.query import Clause, Query
from opentraces.domain.reach import has_text
from opentraces.domain.search import (
    Cursor,
    Facet,
    FacetCount,
    FoundTrace,
    Hit,
    Match,
    Order,
    Place,
    TraceBrief,
)
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.snippets import opening, richest_snippet
from opentraces.ports.index import TraceIndex
from opentraces.ports.texts import StepTexts

_MILLIONTHS = 1_000_000

_TELLING = (Place.CALL, Place.AGENT, Place.USER, Place.TOOL, Place.THINKING, Place.SYSTEM)
"""Where a step is quoted from when no text was asked for."""


class QueryRequest(NamedTuple):
    """What is searched for."""

    query: Query
    """See `domain.query_text` for the text that it is made from."""

    limit: int
    """How many traces are wanted."""

    order: Order = Order.RELEVANCE
    """What comes first."""

    after: Cursor | None = None
    """Behind which trace the answer begins; of the same query and order. None: at the first."""

    facets: tuple[Facet, ...] = ()
    """By what the traces that answer are counted."""


class QueryAnswer(NamedTuple):
    """What was found."""

    total: int
    """How many traces answer."""

    hits: tuple[Hit, ...]
    """The first of them: best first, or newest first when no text was asked for."""

    damaged: tuple[TraceId, ...]
    """Traces among the first that cannot be shown, or not wholly: their stored bytes are not
    what they were."""

    later: tuple[TraceId, ...] = ()
    """Traces among the first that cannot be shown: a later release wrote them."""

    is_all: bool = True
    """Whether none comes behind these."""

    facets: Mapping[Facet, tuple[FacetCount, ...]] = MappingProxyType({})
    """How many traces answer with each value, in the order asked for."""


@frozen_dataclass
class QueryTraces:
    """Find traces, and show why each was found."""

    index: TraceIndex
    texts: StepTexts

    def execute(self, request: QueryRequest) -> QueryAnswer:
        """Search. A trace that is gone is left out; a damaged one never hides the others.

        Raises Corrupt when the index is damaged, StorageUnavailable.
        """
        found = self.index.search(
            request.query, request.limit, order=request.order, after=request.after
        )
        hits: list[Hit] = []
        damaged: list[TraceId] = []
        later: list[TraceId] = []
        gone = 0
        for trace in found.traces:
            try:
                brief = self.texts.brief(trace.trace)
            except TraceNotFound:
                gone += 1
                continue
            except Corrupt:
                damaged.append(trace.trace)
                continue
            except NewerFormat:
                later.append(trace.trace)
                continue
            matches, is_whole = self._matches(trace, brief, request.query.clauses)
            cost_usd = None if trace.cost is None else trace.cost / _MILLIONTHS
            hits.append(Hit(brief, trace.score, matches, trace.cursor, cost_usd))
            if not is_whole:
                damaged.append(trace.trace)
        return QueryAnswer(
            total=found.total - gone,
            hits=tuple(hits),
            damaged=tuple(damaged),
            later=tuple(later),
            is_all=found.is_all,
            facets={facet: self.index.count(request.query, facet) for facet in request.facets},
        )

    def _matches(
        self, found: FoundTrace, brief: TraceBrief, asked: tuple[Clause, ...]
    ) -> tuple[tuple[Match, ...], bool]:
        """Return where a trace answers, and whether all of it could be read."""
        matches: list[Match] = []
        is_whole = True
        for step in found.steps:
            try:
                matches.append(self._match(brief, step.step, asked, found.subjects))
            except Corrupt:
                is_whole = False
            except (StepNotFound, TraceNotFound, NewerFormat):
                continue
        return tuple(matches), is_whole

    def _match(
        self, brief: TraceBrief, step: int, asked: tuple[Clause, ...], subjects: tuple[str, ...]
    ) -> Match:
        if step == 0:
            texts = {Place.TITLE: brief.title or "", Place.COMMIT: "\n".join(subjects)}
            ref: str = brief.trace
        else:
            texts = dict(self.texts.texts(brief.trace, step))
            ref = f"{brief.trace}:{step}"
        place, shown = (richest_snippet(texts, asked) if has_text(asked) else None) or _head(texts)
        return Match(ref, place.value, shown)


def _head(texts: dict[Place, str]) -> tuple[Place, str]:
    """Return how the most telling place begins; nothing, of a step that says nothing."""
    for place in (*_TELLING, *texts):
        if texts.get(place):
            return place, opening(texts[place])
    return Place.SYSTEM, ""
