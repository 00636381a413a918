"""What can be told of a kept trace at a glance."""

from collections.abc import Mapping
from typing import NamedTuple

from opentraces.domain.ids import SessionId, TraceId


class AlienFile(NamedTuple):
    """A kept file in which nothing was recognised."""

    location: str
    """Where its agent kept it."""

    release: str | None
    """The agent's release that wrote it, the latest. None: not said."""


class KeptBrief(NamedTuple):
    """The few facts of a kept trace that overviews need."""

    trace: TraceId
    """Which."""

    session: SessionId
    """The agent's own id for it."""

    agent: str
    """Whose session."""

    folder: str | None
    """The folder it began in, absolute. None: not said."""

    title: str | None
    """Its title. None: it has none."""

    ended: str | None
    """ISO 8601 of its latest line. None: no line has a time."""

    steps: int
    """How many steps it has."""

    skipped: str | None
    """Why its bytes are kept and it is no trace. None: it is a trace."""

    release: str | None
    """The agent's release that wrote it, the latest. None: not said."""

    unknown_types: Mapping[str, int]
    """Lines of each type that was not understood."""

    bad_lines: int
    """Lines that are no JSON object."""

    alien: tuple[AlienFile, ...] = ()
    """Its files in which nothing was recognised."""
