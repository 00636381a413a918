"""What stands in a row of a report, added up portion by portion."""

from collections.abc import Iterable
from math import fsum
from typing import NamedTuple

from opentraces.domain.usage.portions import QUARTER_MS, Portion
from opentraces.domain.usage.spent import NONE, Tokens

_DIGITS = 9

BREAK_MS = QUARTER_MS
"""A longer time without a response is a break, and no time of work."""


class Row(NamedTuple):
    """What some responses used and cost."""

    key: str | None
    """What the row is about. None: it is not known; of the sum of all rows, too."""

    title: str | None
    """The title of the session that the row is about. None: it has none, or is about another."""

    sessions: int
    """How many sessions have a response, or an expense, in it."""

    responses: int
    """How many responses were paid for, and calls beside steps."""

    tokens: Tokens
    """What they used."""

    cost_usd: float | None
    """What those cost whose price is known, in US dollars. None: of none it is."""

    told_usd: float
    """The part of it that agents wrote themselves."""

    unpriced: int
    """How many responses have no known price."""

    seconds: float
    """From response to response of each session, breaks left out."""


class Sum:
    """A row that is being added up."""

    def __init__(self) -> None:
        self._tokens = NONE
        self._responses = 0
        self._priced: list[float] = []
        self._told: list[float] = []
        self._unpriced = 0
        self._at: dict[str, dict[int, tuple[int, int]]] = {}
        self._title: str | None = None

    def add(self, portion: Portion, cost: float | None) -> None:
        """Add responses. `cost`: in US dollars; None: it is not known."""
        self._tokens = self._tokens.plus(portion.tokens)
        self._responses += portion.responses
        self._title = portion.account.title
        if cost is None:
            self._unpriced += portion.responses
        else:
            (self._told if portion.is_told else self._priced).append(cost)
        quarters = self._at.setdefault(portion.account.trace, {})
        if portion.first is not None and portion.last is not None:
            quarter = portion.first // QUARTER_MS
            first, last = quarters.get(quarter, (portion.first, portion.last))
            quarters[quarter] = (min(first, portion.first), max(last, portion.last))

    def row(self, key: str | None, *, is_session: bool) -> Row:
        """Return it as it is now."""
        told = fsum(self._told)
        is_known = bool(self._priced or self._told) or not self._unpriced
        return Row(
            key=key,
            title=self._title if is_session else None,
            sessions=len(self._at),
            responses=self._responses,
            tokens=self._tokens,
            cost_usd=round(fsum((*self._priced, *self._told)), _DIGITS) if is_known else None,
            told_usd=round(told, _DIGITS),
            unpriced=self._unpriced,
            seconds=sum(_worked_ms(quarters.values()) for quarters in self._at.values()) / 1000,
        )


def _worked_ms(quarters: Iterable[tuple[int, int]]) -> int:
    """Add up stretches of time, and the gaps between them that are no breaks."""
    worked, before = 0, None
    for first, last in sorted(quarters):
        gap = first - before if before is not None else 0
        worked += last - first + (gap if gap <= BREAK_MS else 0)
        before = last
    return worked
