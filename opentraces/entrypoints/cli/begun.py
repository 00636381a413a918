"""What came of an `init`, for its text and its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from opentraces.application.enrol import Enrolled
from opentraces.application.imported import Imported


@dataclass(frozen=True, slots=True)
class Begun:
    """A repository whose capture has begun."""

    enrolled: Enrolled
    """What was enrolled."""

    hooks: Mapping[str, bool]
    """Of each agent that was asked for, whether our hooks are installed."""

    imported: Imported | None
    """What was kept of the sessions that were there. None: nobody asked for it."""

    not_kept: int
    """How many sessions of this repository are not kept, or have changed since."""
