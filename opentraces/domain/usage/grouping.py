"""Which row of a report a response stands in."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from opentraces.domain.usage.portions import QUARTER_MS, Portion

DayOf = Callable[[int], date]
"""Returns the day that a moment, in seconds since 1970, is in, in the zone that is asked for."""


class Grouping(StrEnum):
    """What a row of a report is about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    PROJECT = "project"
    MODEL = "model"
    AGENT = "agent"
    SESSION = "session"

    @property
    def is_of_time(self) -> bool:
        """Whether a row is a stretch of time."""
        return self in (Grouping.DAY, Grouping.WEEK, Grouping.MONTH)


class Keys:
    """Names the row of a portion."""

    def __init__(self, by: Grouping, day_of: DayOf) -> None:
        self._by = by
        self._day_of = day_of
        self._periods: dict[int, str] = {}

    def __call__(self, portion: Portion) -> str | None:
        """Return the name of the row. None: it is not known."""
        match self._by:
            case Grouping.PROJECT:
                return portion.account.project
            case Grouping.MODEL:
                return portion.model
            case Grouping.AGENT:
                return portion.account.agent
            case Grouping.SESSION:
                return portion.account.trace
            case _:
                return None if portion.first is None else self._period(portion.first)

    def _period(self, moment: int) -> str:
        quarter = moment // QUARTER_MS
        period = self._periods.get(quarter)
        if period is None:
            day = self._day_of(quarter * QUARTER_MS // 1000)
            period = self._periods[quarter] = period_of(self._by, day)
        return period


def period_of(by: Grouping, day: date) -> str:
    """Return the name of the stretch of time that a day is in: of a week, its Monday."""
    if by is Grouping.MONTH:
        return day.isoformat()[: len("2026-11")]
    if by is Grouping.WEEK:
        return (day - timedelta(days=day.weekday())).isoformat()
    return day.isoformat()
