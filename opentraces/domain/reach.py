"""Which of the things that can be found a query is about: traces, steps, or both."""

from collections.abc import Iterable
from enum import Enum

from opentraces.domain.query import Clause, Field, Is, Not, Phrase, Query, Term

OF_TRACES = frozenset({Field.AGENT, Field.PROJECT})
"""Fields that a step has from its trace; the others are its own."""


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
    plain = [plain_clause(clause) for clause in query.clauses]
    if any(isinstance(clause, Is) and clause.field not in OF_TRACES for clause in plain):
        return Reach.STEPS
    if has_text(query.clauses):
        return Reach.BOTH
    return Reach.TRACES if all(isinstance(clause, Is) for clause in plain) else Reach.STEPS


def has_text(clauses: Iterable[Clause]) -> bool:
    """Whether a text is asked for, so that answers have a relevance; else the newest come first."""
    return any(isinstance(clause, Term | Phrase) for clause in clauses)


def plain_clause(clause: Clause) -> Term | Phrase | Is:
    """Return a clause without its negation."""
    return clause.clause if isinstance(clause, Not) else clause
