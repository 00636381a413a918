"""A search as data: what is asked for, with no word of any engine.

Named tuples, as in `search`: making a dataclass takes Python seven times as long.
"""

from enum import StrEnum
from typing import NamedTuple


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


class _Text(NamedTuple):
    """A text to be found. Equal to one of its own kind alone, unlike other named tuples."""

    text: str
    """As typed, without its quotes or its `*`."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), *self))


class Term(_Text):
    """One word, or several in a row, in any place of a step; of identifiers also their parts."""

    __slots__ = ()


class Phrase(_Text):
    """Words that follow each other, in one place of a step."""

    __slots__ = ()


class Prefix(_Text):
    """A word that begins so: the text is one word."""

    __slots__ = ()


class Fuzzy(NamedTuple):
    """A word that is nearly this one."""

    text: str
    """As typed, without its `~`: one word."""

    distance: int
    """So many letters may be missing, too many, others, or swapped with the next: 1 or 2."""


class Is(NamedTuple):
    """A property of the step or of its trace."""

    field: Field
    """Which."""

    value: str
    """As typed; for FILE a pattern with `*`, `**` and `?`, for ERROR `true` or `false`."""


Leaf = Term | Phrase | Prefix | Fuzzy | Is
"""What is asked for by itself."""


class Not(NamedTuple):
    """What must not hold."""

    clause: "Leaf | Any | All"
    """It."""


class _Several(NamedTuple):
    """Several clauses. Equal to those of its own kind alone, unlike other named tuples."""

    clauses: "tuple[Clause, ...]"
    """Two or more, in the order typed."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), *self))


class Any(_Several):
    """At least one of several must hold."""

    __slots__ = ()


class All(_Several):
    """Several must hold; only within an `Any` or a `Not`."""

    __slots__ = ()


Clause = Leaf | Not | Any | All


class Query(NamedTuple):
    """Everything asked for; all of it must hold of one step, or of the trace as a whole."""

    clauses: tuple[Clause, ...] = ()
    """In the order typed; empty: everything."""

    since: int | None = None
    """Milliseconds since 1970; a step or trace not after it does not answer. None: no bound."""

    until: int | None = None
    """Milliseconds since 1970; a step or trace not before it does not answer. None: no bound."""
