"""Which of the things that can be found a query is about: traces, steps, or both."""

from collections.abc import Iterable, Iterator
from enum import Enum

from opentraces.domain.query import All, Any, Clause, Field, Is, Leaf, Not, Query
from opentraces.domain.search import Order

OF_STEPS = frozenset(
    (Field.MODEL, Field.TOOL, Field.SKILL, Field.FILE, Field.COMMAND, Field.ERROR, Field.ROLE)
)
"""Fields that are a step's own; the others it has from its trace."""


class Reach(Enum):
    """What answers a query."""

    TRACES = "traces"
    """Traces as a whole: no text and nothing of a step is asked for."""

    STEPS = "steps"
    """Steps: something is asked for that only a step has."""

    BOTH = "both"
    """Steps, and traces by their title: a text is asked for, and nothing that only a step has."""


def reach(query: Query) -> Reach:
    """Return what answers a query."""
    if any(_needs_a_step(clause) for clause in query.clauses):
        return Reach.STEPS
    if has_text(query.clauses):
        return Reach.BOTH
    is_of_traces = all(is_of_trace(clause) for clause in query.clauses)
    return Reach.TRACES if is_of_traces else Reach.STEPS


def has_text(clauses: Iterable[Clause]) -> bool:
    """Whether a text is asked for, so that answers have a relevance; else the newest come first."""
    return any(not isinstance(leaf, Is) for leaf in wanted(clauses))


def order_of(query: Query, asked: Order) -> Order:
    """Return the order of an answer: without a text, relevance is that of time."""
    return Order.TIME if asked is Order.RELEVANCE and not has_text(query.clauses) else asked


def wanted(clauses: Iterable[Clause]) -> Iterator[Leaf]:
    """Yield what is asked for, in the order typed: what must not hold is left out."""
    for clause in clauses:
        if isinstance(clause, Any | All):
            yield from wanted(clause.clauses)
        elif not isinstance(clause, Not):
            yield clause


def is_of_trace(clause: Clause) -> bool:
    """Whether a clause asks for nothing but what a trace has as a whole."""
    if isinstance(clause, Not):
        return is_of_trace(clause.clause)
    if isinstance(clause, Any | All):
        return all(is_of_trace(each) for each in clause.clauses)
    return isinstance(clause, Is) and clause.field not in OF_STEPS


def _needs_a_step(clause: Clause) -> bool:
    """Whether no trace as a whole can answer: one of several ways to answer may be left to it."""
    if isinstance(clause, Not):
        return _names_a_step(clause.clause)
    if isinstance(clause, Any):
        is_denied = any(_is_denial(each) for each in clause.clauses)
        return is_denied or all(_needs_a_step(each) for each in clause.clauses)
    if isinstance(clause, All):
        return any(_needs_a_step(each) for each in clause.clauses)
    return isinstance(clause, Is) and clause.field in OF_STEPS


def _is_denial(clause: Clause) -> bool:
    """Whether it only says what must not be there: nearly every trace as a whole would answer."""
    if isinstance(clause, All):
        return all(_is_denial(each) for each in clause.clauses)
    return isinstance(clause, Not) and not is_of_trace(clause)


def _names_a_step(clause: Clause) -> bool:
    if isinstance(clause, Not):
        return _names_a_step(clause.clause)
    if isinstance(clause, Any | All):
        return any(_names_a_step(each) for each in clause.clauses)
    return isinstance(clause, Is) and clause.field in OF_STEPS
