"""Who wrote the lines of a file, or why nobody is named."""

from dataclasses import field

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.credit import Reason
from opentraces.domain.trail.history import CommitId


@frozen_dataclass
class Author:
    """The step that wrote a line."""

    trace: TraceId
    """Its trace."""

    step_index: int
    """Its number in the trace; 0: made by no one step that we know."""

    call: str | None
    """The tool call. None: made by none that we know."""

    tier: EvidenceTier
    """What ties the line to it."""


@frozen_dataclass
class BlameLine:
    """One line, and who wrote it."""

    path: str
    """The file, relative to the worktree's root."""

    line: int
    """Its number in the file that was asked about, from 1."""

    text: str
    """The line, without its newline."""

    commit: CommitId | None
    """The commit that brought it. None: it is not committed."""

    authored: int
    """When that commit was first written, in seconds since 1970; 0: not committed."""

    author: Author | None = None
    """Who wrote it. None: see `reason`."""

    reason: Reason | None = None
    """Why nobody is named. None: somebody is."""


@frozen_dataclass
class Prompt:
    """What was asked for before a step."""

    trace: TraceId
    """The trace."""

    step_index: int
    """The step that was asked for."""

    asked: int | None
    """The step in which it was asked. None: nobody typed anything before."""

    text: str
    """What was typed; empty: nothing."""

    agent: str
    """Whose session."""

    time: str | None
    """When the step was made: ISO 8601 as the agent wrote it. None: it wrote no time."""


@frozen_dataclass
class Blame:
    """The lines that were asked about."""

    lines: tuple[BlameLine, ...]
    """In the order of the files, and in them of their lines."""

    prompts: dict[tuple[TraceId, int], Prompt] = field(default_factory=dict)
    """What was asked for, by trace and step, of every author among the lines."""
