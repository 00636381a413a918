"""A search as data: what is asked for, with no word of any engine."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a `name:value` of a query can be about; `since` and `until` are times, not clauses."""

    AGENT = "agent"
    PROJECT = "project"
    REPO = "repo"
    BRANCH = "branch"
    MODEL = "model"
    TOOL = "tool"
    SKILL = "skill"
    FILE = "file"
    COMMAND = "command"
    ERROR = "error"
    DEP = "dep"
    COMMIT = "commit"
    SESSION = "session"
    TRACE = "trace"
    ROLE = "role"
    COST = "cost"
    TOKENS = "tokens"
    HAS = "has"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to be found; making a class of each kind from nothing would cost a start too much."""

    text: str
    """As typed, without its quotes or its `*`."""


class Term(_Text):
    """One word, or several in a row, in any place of a step; of identifiers also their parts."""

    __slots__ = ()


class Phrase(_Text):
    """Words that follow each other, in one place of a step."""

    __slots__ = ()


class Prefix(_Text):
    """A word that begins so: the text is one word."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word that is nearly this one."""

    text: str
    """As typed, without its `~`: one word."""

    distance: int
    """So many letters may be missing, too many, others, or swapped with the next: 1 or 2."""


@dataclass(frozen=True, slots=True)
class Is:
    """A property of the step or of its trace."""

    field: Field
    """Which."""

    value: str
    """As typed; for FILE a pattern with `*`, `**` and `?`, for ERROR `true` or `false`."""


Leaf = Term | Phrase | Prefix | Fuzzy | Is
"""What is asked for by itself."""


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    clause: "Leaf | Any | All"
    """It."""


@dataclass(frozen=True, slots=True)
class _Several:
    """Several clauses."""

    clauses: "tuple[Clause, ...]"
    """Two or more, in the order typed."""


class Any(_Several):
    """At least one of several must hold."""

    __slots__ = ()


class All(_Several):
    """Several must hold; only within an `Any` or a `Not`."""

    __slots__ = ()


Clause = Leaf | Not | Any | All


@dataclass(frozen=True, slots=True)
class Query:
    """Everything asked for; all of it must hold of one step, or of the trace as a whole."""

    clauses: tuple[Clause, ...] = ()
    """In the order typed; empty: everything."""

    since: int | None = None
    """Milliseconds since 1970; a step or trace not after it does not answer. None: no bound."""

    until: int | None = None
    """Milliseconds since 1970; a step or trace not before it does not answer. None: no bound."""
