"""What is searched, and what is found. Plain dataclasses: a query must start at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class StepDocument:
    """What can be found of one step."""

    trace: TraceId
    """Its trace."""

    step: int
    """Its number, from 1."""

    moment: int
    """Milliseconds since 1970; 0: unknown."""

    texts: Mapping[Place, str]
    """What it says, by place; places without text are absent."""

    tools: tuple[str, ...]
    """Names of the tools it calls."""

    files: tuple[str, ...]
    """Paths its tool calls name."""

    model: str | None
    """The model that answered. None: none did."""

    error: bool
    """Whether it holds a failed tool call or an error of the model's service."""


@dataclass(frozen=True, slots=True)
class TraceDocument:
    """What can be found of a trace as a whole."""

    trace: TraceId
    """Which."""

    commit: int
    """The commit of its envelope that this describes."""

    generation: int
    """Of its steps: when it differs, all of them are indexed anew."""

    steps_length: int
    """Bytes of its steps file that are indexed."""

    agent: str
    """Whose session."""

    session: SessionId
    """The agent's own id for it."""

    project: str
    """Name and path of the folder it began in; empty: not known."""

    title: str
    """Its title; empty: it has none."""

    started: int
    """Milliseconds since 1970; 0: unknown."""

    ended: int
    """Milliseconds since 1970; 0: unknown."""


@dataclass(frozen=True, slots=True)
class FoundStep:
    """One step that answers a query."""

    step: int
    """Its number, from 1; 0: the trace as a whole."""

    score: float
    """Higher is better; comparable within one search."""


@dataclass(frozen=True, slots=True)
class FoundTrace:
    """One trace that answers a query."""

    trace: TraceId
    """Which."""

    score: float
    """Its best step's."""

    steps: tuple[FoundStep, ...]
    """Its best steps, best first; empty when the query asks for traces only."""


@dataclass(frozen=True, slots=True)
class Found:
    """An index's answer."""

    total: int
    """How many traces answer."""

    traces: tuple[FoundTrace, ...]
    """The first of them, in the order asked for."""


@dataclass(frozen=True, slots=True)
class TraceBrief:
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


@dataclass(frozen=True, slots=True)
class Match:
    """One place of a hit."""

    ref: str
    """`<trace>:<step>`, an address that other commands take."""

    role: str
    """A `Place`."""

    snippet: str
    """The text around what was found, with each found word in « and »."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One trace of an answer, ready to be shown."""

    brief: TraceBrief
    """Which trace."""

    score: float
    """Higher is better."""

    matches: tuple[Match, ...]
    """Where, best first."""
