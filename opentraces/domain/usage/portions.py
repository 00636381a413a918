"""Responses added up as far as that changes neither their price nor the row they stand in."""

from typing import NamedTuple

from opentraces.domain.usage.spent import Account, Tokens

QUARTER_MS = 900_000
"""Milliseconds of a quarter of an hour. Every time zone is a whole number of these from UTC."""


class Portion(NamedTuple):
    """Responses of one session, one model and one quarter of an hour."""

    account: Account
    """Whose."""

    model: str | None
    """The model that answered. None: it is not named."""

    is_fast: bool
    """Whether at the higher speed."""

    length: int
    """Of the lengths that were asked about, how many the prompt of each exceeds."""

    is_told: bool
    """Whether the agent wrote what each cost."""

    is_replay: bool
    """Whether another session holds them: then they are copies, and were not paid for here."""

    first: int | None
    """The earliest, in milliseconds since 1970. None: they have no time."""

    last: int | None
    """The latest."""

    responses: int
    """How many used tokens."""

    tokens: Tokens
    """What they used together."""

    cost_usd: float
    """What the agent wrote that they cost in US dollars; 0, where it did not."""


class Span(NamedTuple):
    """A stretch of time."""

    since: int | None = None
    """Where it begins, in milliseconds since 1970. None: at the beginning."""

    until: int | None = None
    """Where it ends, itself not in it. None: it does not."""

    def holds(self, moment: int | None) -> bool:
        """Whether a moment is in it; what has no time is in a stretch without ends only."""
        if moment is None:
            return self == Span()
        return (self.since is None or moment >= self.since) and (
            self.until is None or moment < self.until
        )
