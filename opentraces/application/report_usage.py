"""Say what sessions used, and what that costs. Imports no models: it must start at once."""

from collections.abc import Iterator
from typing import NamedTuple

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.usage.choosing import Choice
from opentraces.domain.usage.grouping import DayOf, Grouping, Keys
from opentraces.domain.usage.portions import Portion
from opentraces.domain.usage.prices import PriceTable
from opentraces.domain.usage.rows import Row, Sum
from opentraces.ports.usage_book import UsageBook


class UsageRequest(NamedTuple):
    """What is asked for."""

    by: Grouping
    """What a row is about."""

    choice: Choice
    """Which responses are meant."""

    day_of: DayOf
    """In which zone a day begins and ends."""


class UsageReport(NamedTuple):
    """What was used."""

    by: Grouping
    """What a row is about."""

    rows: tuple[Row, ...]
    """Stretches of time ascending; all else by cost, then by tokens, the largest first. What has no
    name comes last."""

    total: Row
    """All of it; a session that stands in several rows counts once."""

    replays: int
    """Responses that were left out: copies of those of another session, or of the same one."""

    unpriced: tuple[tuple[str | None, int], ...]
    """Models without a known price, and how many responses they gave, by name."""


def nothing(by: Grouping) -> UsageReport:
    """Return the report of a machine on which nothing is kept."""
    return UsageReport(by, (), Sum().row(None, is_session=False), 0, ())


@frozen_dataclass
class ReportUsage:
    """Add up what responses used, and price it."""

    book: UsageBook
    prices: PriceTable

    def execute(self, request: UsageRequest) -> UsageReport:
        """Each response counts once, in the session that had it first. Raises StorageUnavailable.

        What was spent beside steps has no time of its own: it counts at the end of its session.
        """
        key_of = Keys(request.by, request.day_of)
        sums: dict[str | None, Sum] = {}
        total, replays = Sum(), 0
        unpriced: dict[str | None, int] = {}
        for portion in self._portions(request.choice):
            if portion.is_replay:
                replays += portion.responses
                continue
            cost = self._cost(portion)
            sums.setdefault(key_of(portion), Sum()).add(portion, cost)
            total.add(portion, cost)
            if cost is None and portion.responses:
                unpriced[portion.model] = unpriced.get(portion.model, 0) + portion.responses
        is_session = request.by is Grouping.SESSION
        rows = [each.row(key, is_session=is_session) for key, each in sums.items()]
        return UsageReport(
            by=request.by,
            rows=tuple(sorted(rows, key=_in_time if request.by.is_of_time else _by_cost)),
            total=total.row(None, is_session=False),
            replays=replays,
            unpriced=tuple(sorted(unpriced.items(), key=lambda item: item[0] or "")),
        )

    def _portions(self, choice: Choice) -> Iterator[Portion]:
        for portion in self.book.portions(choice.span, self.prices.lengths):
            if choice.takes(portion):
                yield portion
        for account in self.book.accounts():
            for beside in account.beside:
                portion = Portion(
                    account=account,
                    model=None,
                    is_fast=False,
                    length=0,
                    is_told=beside.cost_usd is not None,
                    is_replay=False,
                    first=account.ended,
                    last=account.ended,
                    responses=beside.calls,
                    tokens=beside.tokens,
                    cost_usd=beside.cost_usd or 0.0,
                )
                if choice.span.holds(account.ended) and choice.takes(portion):
                    yield portion

    def _cost(self, portion: Portion) -> float | None:
        """Return what it cost: what the agent wrote goes before every price. None: not known."""
        if portion.is_told:
            return portion.cost_usd
        if portion.model is None:
            return None
        seconds = None if portion.first is None else portion.first // 1000
        price = self.prices.price(portion.model, seconds)
        if price is None:
            return None
        is_long = price.long_over in self.prices.lengths[: portion.length]
        return price.cost(portion.tokens, is_long=is_long, is_fast=portion.is_fast)


def _in_time(row: Row) -> tuple[bool, str]:
    return row.key is None, row.key or ""


def _by_cost(row: Row) -> tuple[bool, float, int, str]:
    return row.key is None, -(row.cost_usd or 0.0), -row.tokens.total, row.key or ""
