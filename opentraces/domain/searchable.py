"""What can be found of steps and traces."""

from collections.abc import Mapping
from dataclasses import dataclass

from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.search import Place


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
