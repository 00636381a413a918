"""What a search finds. Named tuples: making a dataclass takes Python seven times as long."""

from enum import StrEnum
from typing import NamedTuple

from opentraces.domain.ids import SessionId, TraceId


class Place(StrEnum):
    """Where in a step a text stands; the value is a match's `role`."""

    TITLE = "title"
    USER = "user"
    AGENT = "agent"
    THINKING = "thinking"
    CALL = "call"
    TOOL = "tool"
    SYSTEM = "system"
    COMMIT = "commit"


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    """What fits best; without a text to be found, what is newest."""

    TIME = "time"
    """What is newest."""

    COST = "cost"
    """What cost the most; what it cost is not known of comes last."""


class Facet(StrEnum):
    """By what answers can be counted."""

    AGENT = "agent"
    PROJECT = "project"
    REPO = "repo"
    BRANCH = "branch"
    MODEL = "model"
    TOOL = "tool"
    SKILL = "skill"


class FacetCount(NamedTuple):
    """How many traces answer with one value."""

    value: str
    """Such as `Bash`."""

    traces: int
    """Of a value that only steps have: those of which such a step answers."""


MOST_COUNTED = 50
"""Values by which answers are counted."""


class Cursor(NamedTuple):
    """A place between two traces of an answer: behind the one that it names."""

    order: Order
    """In which order they were; never RELEVANCE where no text was asked for."""

    rank: float
    """The trace's relevance, its moment, or what it cost, then."""

    moment: int
    """Its moment then, in milliseconds since 1970."""

    trace: TraceId
    """Which trace."""


class FoundStep(NamedTuple):
    """One step that answers a query."""

    step: int
    """Its number, from 1; 0: the trace as a whole."""

    score: float
    """Higher is better; comparable within one search."""


class FoundTrace(NamedTuple):
    """One trace that answers a query."""

    trace: TraceId
    """Which."""

    score: float
    """Its best step's."""

    steps: tuple[FoundStep, ...]
    """Its best steps, best first; empty when the query asks for traces only."""

    cursor: Cursor | None = None
    """Where an answer goes on behind it. None: not said."""

    subjects: tuple[str, ...] = ()
    """First lines of its commits' messages; only where the trace as a whole answers."""

    cost: int | None = None
    """Millionths of a US dollar; only in the order of COST. None: not known, or another order."""


class Found(NamedTuple):
    """An index's answer."""

    total: int
    """How many traces answer."""

    traces: tuple[FoundTrace, ...]
    """The first of them, or of those behind a cursor, in the order asked for."""

    is_all: bool = True
    """Whether none comes behind these."""


class TraceBrief(NamedTuple):
    """The few facts of a trace that stand beside a hit."""

    trace: TraceId
    """Which."""

    session: SessionId
    """The agent's own id for it."""

    agent: str
    """Whose session."""

    project: str | None
    """Name of the folder it began in. None: not known."""

    title: str | None
    """Its title. None: it has none."""

    started: str | None
    """ISO 8601. None: not known."""

    steps: int
    """How many steps it has."""


class Match(NamedTuple):
    """One place of a hit."""

    ref: str
    """`<trace>:<step>`, an address that other commands take."""

    role: str
    """A `Place`."""

    snippet: str
    """The text around what was found, with each found word in « and »."""


class Hit(NamedTuple):
    """One trace of an answer, ready to be shown."""

    brief: TraceBrief
    """Which trace."""

    score: float
    """Higher is better."""

    matches: tuple[Match, ...]
    """Where, best first."""

    cursor: Cursor | None = None
    """Where an answer goes on behind it. None: not said."""

    cost_usd: float | None = None
    """Only in the order of cost. None: not known, or another order."""
