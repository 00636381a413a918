"""TraceIndex and IndexWriter by looking at everything: what other indexes are compared with."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from opentraces.domain.globs import name_regex, path_key, path_regex
from opentraces.domain.ids import TraceId
from opentraces.domain.query import Clause, Field, Is, Not, Phrase, Query, Term
from opentraces.domain.reach import OF_TRACES, Reach, has_text, reach
from opentraces.domain.search import Found, FoundStep, FoundTrace
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.texts import indexed_part
from opentraces.domain.words import fold, placed_words
from opentraces.ports.index import IndexState, TraceIndex
from opentraces.ports.index_writing import Indexed, IndexUpdate, IndexWriter

_MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class _Contents:
    """Everything that was put."""

    steps: Mapping[tuple[TraceId, int], StepDocument] = field(default_factory=dict)
    traces: Mapping[TraceId, TraceDocument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One step, or trace as a whole, that answers."""

    trace: TraceId
    step: int
    moment: int
    score: float

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

    def search(self, query: Query, limit: int) -> Found:
        """See TraceIndex. A score is how often what is asked for stands there."""
        answers: dict[TraceId, list[_Answer]] = {}
        for answer in sorted(self._answers(query), key=_Answer.rank):
            answers.setdefault(answer.trace, []).append(answer)
        with_steps = reach(query) is not Reach.TRACES
        traces = [
            FoundTrace(
                trace,
                found[0].score,
                tuple(FoundStep(a.step, a.score) for a in found[: _MOST_STEPS * with_steps]),
            )
            for trace, found in answers.items()
        ]
        return Found(len(traces), tuple(traces[: max(limit, 0)]))

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

    def _answers(self, query: Query) -> Iterator[_Answer]:
        kind = reach(query)
        weigh = has_text(query.clauses)
        if kind is not Reach.TRACES:
            for step in self._contents.steps.values():
                trace = self._contents.traces.get(step.trace)
                if _is_within(query, step.moment, step.moment) and all(
                    _holds(clause, step, trace) for clause in query.clauses
                ):
                    score = _weight(query.clauses, step.texts.values()) if weigh else 0.0
                    yield _Answer(step.trace, step.step, step.moment, score)
        if kind is not Reach.STEPS:
            for trace in self._contents.traces.values():
                if _is_within(query, trace.started, trace.ended) and all(
                    _holds(clause, None, trace) for clause in query.clauses
                ):
                    score = _weight(query.clauses, [trace.title]) if weigh else 0.0
                    yield _Answer(trace.trace, 0, trace.ended, score)


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


def _holds(clause: Clause, step: StepDocument | None, trace: TraceDocument | None) -> bool:
    if isinstance(clause, Not):
        return not _holds(clause.clause, step, trace)
    if isinstance(clause, Is):
        if clause.field in OF_TRACES:
            return trace is not None and _is_of_trace(clause, trace)
        return step is not None and _is_of_step(clause, step)
    texts = step.texts.values() if step else [trace.title] if trace else []
    return any(_count(clause.text, text) for text in texts)


def _is_of_trace(clause: Is, trace: TraceDocument) -> bool:
    if clause.field is Field.AGENT:
        return _count(clause.value, trace.agent) > 0
    if clause.value.startswith("/"):
        return bool(re.fullmatch(path_regex(clause.value), path_key(trace.project)))
    return _count(clause.value, trace.project) > 0


def _is_of_step(clause: Is, step: StepDocument) -> bool:
    if clause.field is Field.ERROR:
        return step.error is (clause.value == "true")
    if clause.field is Field.MODEL:
        return _count(clause.value, step.model or "") > 0
    if clause.field is Field.TOOL:
        asked = re.compile(name_regex(clause.value))
        return any(asked.fullmatch(fold(tool)) for tool in step.tools)
    asked = re.compile(path_regex(clause.value))
    return any(asked.fullmatch(path_key(file)) for file in step.files)


def _weight(clauses: Iterable[Clause], texts: Iterable[str]) -> float:
    asked = [clause.text for clause in clauses if isinstance(clause, Term | Phrase)]
    return float(sum(_count(text, given) for given in texts for text in asked))


def _count(asked: str, text: str) -> int:
    """Return how often the words of `asked` stand in a row; 0 when it has none."""
    wanted = placed_words(asked)
    standing = dict(placed_words(text))
    return sum(
        all(standing.get(place + at - wanted[0][0]) == word for at, word in wanted)
        for place in (standing if wanted else ())
    )
