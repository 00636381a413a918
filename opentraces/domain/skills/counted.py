"""How often something was used, and what came of it."""

from typing import Final, NamedTuple

from opentraces.domain.ids import TraceId
from opentraces.domain.skills.use import Kind

RULES: Final = 1
"""Rises with each release that counts another way: what was counted before is counted anew."""


class Counts(NamedTuple):
    """Numbers of one thing that was used. They add up over sessions."""

    invocations: int = 0
    """How often it was used."""

    errors: int = 0
    """Of these, how many failed."""

    errors_after: int = 0
    """Other calls that failed after it was used, until the next prompt."""

    edits: int = 0
    """Changes to files that were made from its use on, until the next prompt."""

    edits_kept: int = 0
    """Of these, how many are in commits, as far as the history was searched."""

    def plus(self, other: "Counts") -> "Counts":
        """Add number by number."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


class UseCounts(NamedTuple):
    """One thing that a session used."""

    kind: Kind
    """What it is."""

    name: str
    """Its name."""

    counts: Counts
    """How often, and with what outcome."""


class SessionUses(NamedTuple):
    """What one session used."""

    trace: TraceId
    """Its trace."""

    stamp: str
    """What the trace was like when this was counted: another stamp, and it is counted anew."""

    agent: str
    """Whose session."""

    folder: str
    """The folder it began in, or that folder's name; empty: not said."""

    ended: int
    """When its last line was written: milliseconds since 1970; 0: not said."""

    uses: tuple[UseCounts, ...]
    """All that it used, by kind and name; empty for what is kept and no trace."""
