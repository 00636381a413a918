"""Rows of a report."""

from datetime import UTC, date, datetime

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.usage.choosing import Choice
from opentraces.domain.usage.grouping import Grouping, Keys, period_of
from opentraces.domain.usage.portions import QUARTER_MS, Portion
from opentraces.domain.usage.rows import Row, Sum
from opentraces.domain.usage.spent import Account, Tokens

MINUTE = 60_000
FIRST, SECOND = TraceId("1"), TraceId("2")


def portion(trace: TraceId = FIRST, **more: object) -> Portion:
    account = Account(trace, "pi", "widgets", "/home/dev/widgets/", f"title {trace}", None)
    said: dict[str, object] = {
        "model": "anthropic/claude-opus-4-8",
        "is_fast": False,
        "length": 0,
        "is_told": False,
        "is_replay": False,
        "first": 0,
        "last": 0,
        "responses": 1,
        "tokens": Tokens(1, 2, 3, 4, 5),
        "cost_usd": 0.0,
        **more,
    }
    return Portion(account=account, **said)  # type: ignore[arg-type]


def summed(*portions: tuple[Portion, float | None]) -> Row:
    row = Sum()
    for each, cost in portions:
        row.add(each, cost)
    return row.row("k", is_session=False)


def test_a_row_is_the_sum_of_its_portions() -> None:
    row = summed(
        (portion(responses=2), 0.5),
        (portion(SECOND, is_told=True, tokens=Tokens(10, 0, 0, 0, 0)), 0.25),
    )

    assert row == Row("k", None, 2, 3, Tokens(11, 2, 3, 4, 5), 0.75, 0.25, 0, 0.0)


def test_what_has_no_price_is_counted_and_no_zero() -> None:
    assert summed((portion(responses=3), None))[5:8] == (None, 0.0, 3)
    assert summed((portion(responses=3), None), (portion(), 0.5))[5:8] == (0.5, 0.0, 3)
    assert summed().cost_usd == 0.0


def test_a_row_of_a_session_has_its_title() -> None:
    row = Sum()
    row.add(portion(SECOND), None)

    assert row.row("2", is_session=True).title == "title 2"


def worked(*minutes: float, trace: TraceId = FIRST) -> list[tuple[Portion, float | None]]:
    return [
        (portion(trace, first=round(at * MINUTE), last=round(at * MINUTE)), None) for at in minutes
    ]


@pytest.mark.parametrize(
    ("moments", "minutes"),
    [
        ((), 0),
        ((5,), 0),
        ((1, 3, 7), 6),
        ((14, 16), 2),
        ((1, 16), 15),
        ((1, 16.1), 0),
        ((0, 10, 50, 55, 70), 10 + 20),
        ((70, 0, 55, 10, 50), 10 + 20),
    ],
)
def test_time_is_from_response_to_response_without_breaks(
    moments: tuple[float, ...], minutes: float
) -> None:
    assert summed(*worked(*moments)).seconds == minutes * 60


def test_time_of_sessions_at_once_is_added_up() -> None:
    row = summed(*worked(0, 5), *worked(0, 5, trace=SECOND))

    assert row.seconds == 600


def test_time_of_two_models_in_one_quarter_is_one_stretch() -> None:
    row = summed((portion(first=0, last=5 * MINUTE), None), (portion(model="n", last=9), None))

    assert row.seconds == 300


@pytest.mark.parametrize(
    ("by", "day", "name"),
    [
        (Grouping.DAY, date(2026, 11, 1), "2026-11-01"),
        (Grouping.WEEK, date(2026, 11, 1), "2026-10-26"),
        (Grouping.WEEK, date(2026, 10, 26), "2026-10-26"),
        (Grouping.MONTH, date(2026, 11, 1), "2026-11"),
        (Grouping.MONTH, date(987, 1, 1), "0987-01"),
    ],
)
def test_a_stretch_of_time_has_a_name(by: Grouping, day: date, name: str) -> None:
    assert period_of(by, day) == name


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (Grouping.DAY, "1970-01-02"),
        (Grouping.MONTH, "1970-01"),
        (Grouping.PROJECT, "widgets"),
        (Grouping.MODEL, "anthropic/claude-opus-4-8"),
        (Grouping.AGENT, "pi"),
        (Grouping.SESSION, FIRST),
    ],
)
def test_a_portion_stands_in_a_row(by: Grouping, name: str) -> None:
    keys = Keys(by, lambda seconds: datetime.fromtimestamp(seconds, UTC).date())

    assert keys(portion(first=96 * QUARTER_MS, last=96 * QUARTER_MS)) == name


def test_what_has_no_time_has_no_day() -> None:
    assert Keys(Grouping.DAY, lambda _: date.min)(portion(first=None, last=None)) is None


@pytest.mark.parametrize(
    ("choice", "is_taken"),
    [
        (Choice(), True),
        (Choice(agent="pi"), True),
        (Choice(agent="p"), False),
        (Choice(agent="PI"), True),
        (Choice(project="widgets"), True),
        (Choice(project="wid*"), True),
        (Choice(project="/home/dev/widgets"), True),
        (Choice(project="/home/dev/widgets/"), True),
        (Choice(project="/home/dev"), False),
        (Choice(project="dev"), False),
        (Choice(project=""), False),
        (Choice(model="claude-opus-4-8"), True),
        (Choice(model="anthropic/claude-opus-4-8"), True),
        (Choice(model="*opus*"), True),
        (Choice(model="opus"), False),
        (Choice(model="claude-opus-4-8", agent="codex-cli"), False),
    ],
)
def test_a_choice_takes(choice: Choice, is_taken: bool) -> None:
    assert choice.takes(portion()) is is_taken


def test_what_is_not_known_is_never_chosen_by_name() -> None:
    unknown = portion(model=None)
    unknown = unknown._replace(account=unknown.account._replace(project=None, folder=None))

    assert Choice().takes(unknown)
    for choice in (Choice(model="*"), Choice(project="*"), Choice(model=""), Choice(project="")):
        assert not choice.takes(unknown)
