"""Whether what is asked for holds of one step, or of one trace as a whole."""

import re
from collections.abc import Collection, Iterable, Sequence

from opentraces.domain.bounds import bounds
from opentraces.domain.globs import name_regex, path_key, path_regex
from opentraces.domain.identifiers import rows_asked
from opentraces.domain.likeness import is_like
from opentraces.domain.query import All, Any, Clause, Field, Fuzzy, Is, Not, Phrase, Prefix, Term
from opentraces.domain.reach import OF_STEPS
from opentraces.domain.search import Facet
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.spent import Amounts
from opentraces.domain.words import count_row, fold, placed_words, stands_in


@frozen_dataclass
class Holding:
    """One step, or one trace as a whole, that is asked about."""

    step: StepDocument | None
    """The step. None: the trace as a whole is asked about."""

    trace: TraceDocument | None
    """The trace. None: it is not known yet."""

    amounts: Amounts | None
    """What the trace adds up to. None: it is not known yet."""

    deps: Collection[str]
    """The packages of the trace, its steps' among them."""

    def all(self, clauses: Iterable[Clause]) -> bool:
        """Whether all of it holds."""
        return all(self._holds(clause) for clause in clauses)

    def weight(self, clauses: Iterable[Clause]) -> float:
        """Return how often the texts that are asked for stand there."""
        return float(sum(self._count(clause) for clause in clauses))

    def _count(self, clause: Clause) -> int:
        if isinstance(clause, Not | Is):
            return 0
        if isinstance(clause, Any | All):
            return sum(self._count(each) for each in clause.clauses)
        return sum(_times(clause, text) for text in self._texts())

    def _texts(self) -> Sequence[str]:
        if self.step is not None:
            return [*self.step.texts.values(), *self.step.names]
        if self.trace is None:
            return []
        return [self.trace.title, *(s for _, s in self.trace.commits), *self.trace.names]

    def _holds(self, clause: Clause) -> bool:
        if isinstance(clause, Not):
            return not self._holds(clause.clause)
        if isinstance(clause, Any):
            return any(self._holds(each) for each in clause.clauses)
        if isinstance(clause, All):
            return self.all(clause.clauses)
        if not isinstance(clause, Is):
            return self._count(clause) > 0
        if clause.field in OF_STEPS:
            return self.step is not None and _is_of_step(clause, self.step)
        if clause.field is Field.DEP:
            return _is_any(name_regex(clause.value), map(fold, self.deps))
        return self.trace is not None and self._is_of_trace(clause, self.trace)

    def _is_of_trace(self, clause: Is, trace: TraceDocument) -> bool:
        value = clause.value
        match clause.field:
            case Field.PROJECT if value.startswith("/"):
                return _is_any(path_regex(value), [path_key(trace.project)])
            case Field.AGENT | Field.PROJECT:
                told = trace.agent if clause.field is Field.AGENT else trace.project
                return stands_in(value, told) > 0
            case Field.REPO:
                return bool(trace.repo) and _is_any(path_regex(value), [fold(trace.repo)])
            case Field.BRANCH:
                return _is_any(name_regex(value), map(fold, trace.branches))
            case Field.COMMIT:
                return _is_any(name_regex(f"{value}*"), (commit for commit, _ in trace.commits))
            case Field.SESSION | Field.TRACE:
                told = trace.session if clause.field is Field.SESSION else trace.trace
                return fold(told).startswith(fold(value))
            case Field.HAS:
                failed = self.amounts is not None and self.amounts.error
                return value in trace.has or (value == "error" and failed)
            case _:
                return self._is_amount(clause)

    def _is_amount(self, clause: Is) -> bool:
        low, high = bounds(clause.field, clause.value)
        if self.amounts is None:
            return False
        amount = self.amounts.cost if clause.field is Field.COST else self.amounts.tokens
        return amount is not None and low <= amount <= high


def values_of_step(step: StepDocument, facet: Facet) -> Iterable[str]:
    """Return by what a step is counted."""
    if facet is Facet.MODEL:
        return [step.model] if step.model else []
    return step.tools if facet is Facet.TOOL else step.skills


def values_of_trace(trace: TraceDocument, facet: Facet) -> Iterable[str]:
    """Return by what a trace is counted; what it does not say is no value."""
    if facet is Facet.BRANCH:
        return trace.branches
    told = {Facet.AGENT: trace.agent, Facet.PROJECT: trace.place, Facet.REPO: trace.repo}
    return [value for value in (told[facet],) if value]


def _is_of_step(clause: Is, step: StepDocument) -> bool:
    value = clause.value
    match clause.field:
        case Field.ERROR:
            return step.error is (value == "true")
        case Field.ROLE:
            return step.role == value
        case Field.MODEL:
            return stands_in(value, step.model or "") > 0
        case Field.COMMAND:
            return any(stands_in(value, command) for command in step.commands)
        case Field.FILE:
            return _is_any(path_regex(value), map(path_key, step.files))
        case _:
            named = step.tools if clause.field is Field.TOOL else step.skills
            return _is_any(name_regex(value), map(fold, named))


def _is_any(regex: str, texts: Iterable[str]) -> bool:
    asked = re.compile(regex)
    return any(asked.fullmatch(text) for text in texts)


def _times(asked: Term | Phrase | Prefix | Fuzzy, text: str) -> int:
    standing = placed_words(text)
    if isinstance(asked, Prefix):
        start = fold(asked.text)
        return sum(word.startswith(start) for _, word in standing)
    if isinstance(asked, Fuzzy):
        word = fold(asked.text)
        return sum(is_like(each, word, asked.distance) for _, each in standing)
    rows = rows_asked(asked.text) if isinstance(asked, Term) else [placed_words(asked.text)]
    return sum(count_row(row, standing) for row in rows)
