"""A search as data: what is asked for, with no word of any engine."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a `name:value` of a query can be about; `since` and `until` are times, not clauses."""

    AGENT = "agent"
    PROJECT = "project"
    TOOL = "tool"
    FILE = "file"
    MODEL = "model"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Term:
    """One word, in any place of a step."""

    text: str
    """As typed."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other, in one place of a step."""

    text: str
    """As typed, without its quotes."""


@dataclass(frozen=True, slots=True)
class Is:
    """A property of the step or of its trace."""

    field: Field
    """Which."""

    value: str
    """As typed; for FILE a pattern with `*`, `**` and `?`, for ERROR `true` or `false`."""


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    clause: Term | Phrase | Is
    """It."""


Clause = Term | Phrase | Is | Not


@dataclass(frozen=True, slots=True)
class Query:
    """Everything asked for; all of it must hold of one step, or of the trace as a whole."""

    clauses: tuple[Clause, ...] = ()
    """In the order typed; empty: everything."""

    since: int | None = None
    """Milliseconds since 1970; a step or trace not after it does not answer. None: no bound."""

    until: int | None = None
    """Milliseconds since 1970; a step or trace not before it does not answer. None: no bound."""
