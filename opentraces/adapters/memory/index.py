"""TraceIndex and IndexWriter by looking at everything: what other indexes are compared with."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from opentraces.adapters.memory.holding import Holding, values_of_step, values_of_trace
from opentraces.domain.ids import TraceId
from opentraces.domain.query import Query
from opentraces.domain.reach import Reach, has_text, order_of, reach
from opentraces.domain.search import (
    MOST_COUNTED,
    Cursor,
    Facet,
    FacetCount,
    Found,
    FoundStep,
    FoundTrace,
    Order,
)
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.spent import Amounts, StepAmounts, amounts_of
from opentraces.domain.texts import indexed_part
from opentraces.ports.index import IndexState, TraceIndex
from opentraces.ports.index_writing import Indexed, IndexUpdate, IndexWriter

_MOST_STEPS = 3
_OF_STEPS = (Facet.MODEL, Facet.TOOL, Facet.SKILL)


@dataclass(frozen=True)
class _Contents:
    """Everything that was put."""

    steps: Mapping[tuple[TraceId, int], StepDocument] = field(default_factory=dict)
    traces: Mapping[TraceId, TraceDocument] = field(default_factory=dict)

    @cached_property
    def steps_of(self) -> Mapping[TraceId, list[StepDocument]]:
        """The steps of each trace."""
        found: dict[TraceId, list[StepDocument]] = {}
        for step in self.steps.values():
            found.setdefault(step.trace, []).append(step)
        return found

    @cached_property
    def deps(self) -> Mapping[TraceId, frozenset[str]]:
        """The packages of each trace, its steps' among them."""
        every = {*self.steps_of, *self.traces}
        return {
            trace: frozenset(
                [dep for step in self.steps_of.get(trace, ()) for dep in step.deps]
                + list(self.traces[trace].deps if trace in self.traces else ())
            )
            for trace in every
        }


@frozen_dataclass
class Answer:
    """One step, or trace as a whole, that answers."""

    trace: TraceId
    """Which trace."""

    step: int
    """Its number; 0: the trace as a whole."""

    moment: int
    """Milliseconds since 1970."""

    score: float
    """How often what is asked for stands there."""

    def rank(self) -> tuple[float, int, str, int]:
        """Sort best first."""
        return (-self.score, -self.moment, self.trace, self.step)


class MemoryIndex(TraceIndex, IndexWriter):
    """Both ports to one index, in memory."""

    def __init__(self) -> None:
        self._contents = _Contents()
        self._state = IndexState.ABSENT

    def lose(self) -> None:
        """Become as an index that was deleted."""
        self._contents = _Contents()
        self._state = IndexState.ABSENT

    def state(self) -> IndexState:
        """See TraceIndex."""
        return self._state

    def damaged(self) -> tuple[str, ...]:
        """See TraceIndex."""
        return ()

    def discard(self) -> None:
        """See IndexWriter."""
        self.lose()

    def search(
        self,
        query: Query,
        limit: int,
        *,
        order: Order = Order.RELEVANCE,
        after: Cursor | None = None,
    ) -> Found:
        """See TraceIndex. A score is how often what is asked for stands there."""
        order = order_of(query, order)
        answers: dict[TraceId, list[Answer]] = {}
        for answer in sorted(self._answers(query, order), key=Answer.rank):
            answers.setdefault(answer.trace, []).append(answer)
        with_steps = reach(query) is not Reach.TRACES
        ordered = sorted((found[0] for found in answers.values()), key=self._rank(order))
        start = self._start(ordered, order, after)
        chosen = ordered[start : start + max(limit, 0)]
        traces = tuple(
            self._found(answers[each.trace][: _MOST_STEPS * with_steps], each, order)
            for each in chosen
        )
        return Found(len(ordered), traces, is_all=start + len(chosen) >= len(ordered))

    def count(self, query: Query, facet: Facet) -> tuple[FacetCount, ...]:
        """See TraceIndex."""
        answers = list(self._answers(query, Order.TIME))
        traces = {answer.trace for answer in answers}
        having: dict[str, set[TraceId]] = {}
        if facet in _OF_STEPS:
            every = reach(query) is Reach.TRACES
            answering = {(answer.trace, answer.step) for answer in answers}
            for key, step in self._contents.steps.items():
                if key in answering or (every and step.trace in traces):
                    for value in values_of_step(step, facet):
                        having.setdefault(value, set()).add(step.trace)
        for trace in () if facet in _OF_STEPS else traces & self._contents.traces.keys():
            for value in values_of_trace(self._contents.traces[trace], facet):
                having.setdefault(value, set()).add(trace)
        counts = [FacetCount(value, len(traces)) for value, traces in having.items()]
        return tuple(sorted(counts, key=lambda c: (-c.traces, c.value)))[:MOST_COUNTED]

    @contextmanager
    def updating(self) -> Iterator[IndexUpdate]:
        """See IndexWriter."""
        yield _MemoryUpdate(self)

    def committed(self) -> _Contents:
        """Return what searches see."""
        return self._contents

    def publish(self, contents: _Contents) -> None:
        """Let searches see `contents`."""
        self._contents, self._state = contents, IndexState.READY

    def _answers(self, query: Query, order: Order) -> Iterator[Answer]:
        kind = reach(query)
        weigh = has_text(query.clauses) and order is not Order.TIME
        if kind is not Reach.TRACES:
            for step in self._contents.steps.values():
                holding = self._holding(step, self._contents.traces.get(step.trace))
                if _is_within(query, step.moment, step.moment) and holding.all(query.clauses):
                    score = holding.weight(query.clauses) if weigh else 0.0
                    yield Answer(step.trace, step.step, step.moment, score)
        if kind is not Reach.STEPS:
            for trace in self._contents.traces.values():
                holding = self._holding(None, trace)
                if _is_within(query, trace.started, trace.ended) and holding.all(query.clauses):
                    score = holding.weight(query.clauses) if weigh else 0.0
                    yield Answer(trace.trace, 0, trace.ended, score)

    def _holding(self, step: StepDocument | None, trace: TraceDocument | None) -> Holding:
        amounts = self._amounts(trace) if trace else None
        deps = self._contents.deps.get(trace.trace, frozenset()) if trace else frozenset()
        return Holding(step, trace, amounts, deps)

    def _amounts(self, trace: TraceDocument) -> Amounts:
        steps = (
            StepAmounts(each.step, int(each.key, 16), each.tokens, each.cost, each.error)
            for each in self._contents.steps_of.get(trace.trace, ())
        )
        replays = [int(key, 16) for key in trace.replays]
        return amounts_of(steps, replays, trace.tokens, trace.cost)

    def _rank(self, order: Order) -> Callable[[Answer], tuple[float, int, str]]:
        def rank(answer: Answer) -> tuple[float, int, str]:
            if order is Order.TIME:
                return (-answer.moment, -answer.moment, answer.trace)
            if order is Order.RELEVANCE:
                return (-answer.score, -answer.moment, answer.trace)
            trace = self._contents.traces.get(answer.trace)
            cost = self._amounts(trace).cost if trace else None
            dear = 0 if cost is None else cost + 1
            return (-dear, -trace.ended if trace else 0, answer.trace)

        return rank

    def _start(self, ordered: list[Answer], order: Order, after: Cursor | None) -> int:
        """Return how many traces come before what is behind `after`."""
        if after is None:
            return 0
        places = (at for at, answer in enumerate(ordered, 1) if answer.trace == after.trace)
        if order is Order.RELEVANCE and (place := next(places, None)) is not None:
            return place
        mark = (-after.rank, -after.moment, after.trace)
        return sum(self._rank(order)(answer) <= mark for answer in ordered)

    def _found(self, steps: list[Answer], best: Answer, order: Order) -> FoundTrace:
        minus_rank, minus_moment, _ = self._rank(order)(best)
        document = self._contents.traces.get(best.trace)
        is_whole = any(answer.step == 0 for answer in steps)
        amounts = self._amounts(document) if document and order is Order.COST else None
        return FoundTrace(
            trace=best.trace,
            score=best.score,
            steps=tuple(FoundStep(answer.step, answer.score) for answer in steps),
            cursor=Cursor(order, -minus_rank, -minus_moment, best.trace),
            subjects=tuple(s for _, s in document.commits if s) if document and is_whole else (),
            cost=amounts.cost if amounts else None,
        )


class _MemoryUpdate(IndexUpdate):
    """A copy of the contents, put in their place by `commit`."""

    def __init__(self, index: MemoryIndex) -> None:
        self._index = index
        self._steps = dict(index.committed().steps)
        self._traces = dict(index.committed().traces)

    def indexed(self) -> Mapping[TraceId, Indexed]:
        """See IndexUpdate."""
        return {
            trace: Indexed(document.commit, document.generation, document.steps_length)
            for trace, document in self._index.committed().traces.items()
        }

    def put_step(self, document: StepDocument, *, replaces: bool) -> None:
        """See IndexUpdate."""
        parts = {place: indexed_part(text) for place, text in document.texts.items()}
        self._steps[document.trace, document.step] = replace(document, texts=parts)

    def put_trace(self, document: TraceDocument) -> None:
        """See IndexUpdate."""
        self._traces[document.trace] = document

    def forget(self, trace: TraceId) -> None:
        """See IndexUpdate."""
        self._traces.pop(trace, None)
        self._steps = {key: step for key, step in self._steps.items() if key[0] != trace}

    def commit(self) -> None:
        """See IndexUpdate."""
        self._index.publish(_Contents(dict(self._steps), dict(self._traces)))


def _is_within(query: Query, begin: int, end: int) -> bool:
    """Whether it is in time; what has no time is in none."""
    is_after = query.since is None or (end != 0 and end > query.since)
    return is_after and (query.until is None or 0 != begin < query.until)
