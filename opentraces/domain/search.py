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


class Found(NamedTuple):
    """An index's answer."""

    total: int
    """How many traces answer."""

    traces: tuple[FoundTrace, ...]
    """The first of them, in the order asked for."""


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
