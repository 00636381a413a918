"""Reports of usage, worked out by hand, and equal to what the records of traces say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraces.adapters.memory.ledger import MemoryLedger
from opentraces.application.report_usage import ReportUsage, UsageReport, UsageRequest, nothing
from opentraces.domain.ids import SessionId, StepKey, TraceId
from opentraces.domain.ledger import Claim, Seniority
from opentraces.domain.usage.choosing import Choice
from opentraces.domain.usage.grouping import Grouping
from opentraces.domain.usage.portions import Span
from opentraces.domain.usage.price_list import price_table
from opentraces.domain.usage.prices import Price, PriceTable, Rates
from opentraces.domain.usage.rows import Row
from opentraces.domain.usage.spent import Account, Beside, Spent, Tokens
from tests.memory_world import MemoryWorld
from tests.transcript_lines import answered, typed

HOUR = 3_600_000
CHEAP = Rates(input=1, output=10, cache_read=0.1, cache_write_5m=2, cache_write_1h=4)
PRICES = PriceTable(
    {
        "cheap": (Price(CHEAP, long_over=100, long_rates=CHEAP.times(2, 2), fast=3),),
        "moved": (Price(CHEAP), Price(CHEAP.times(5, 5), since=24 * 3600)),
    }
)
THOUSANDS = Tokens(1000, 1000, 10_000, 500, 250)
"""At the cheap rates 1 + 10 + 1 + 1 + 1 thousandths of a dollar."""

SHORT = Tokens(60, 100, 40, 0, 0)
LONG = Tokens(61, 100, 40, 0, 0)


def day_of(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


class Books:
    """A ledger that sessions are booked in."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self._number = 0

    def session(self, name: str, *spent: Spent, beside: Sequence[Beside] = ()) -> None:
        """Book a session; steps of one number are one response in all sessions."""
        self._number += 1
        account = Account(TraceId(name), "pi", f"p-{name}", None, f"t-{name}", HOUR, tuple(beside))
        claims = [Claim(StepKey(f"{each.step:016x}"), True, each) for each in spent]
        with self.ledger.settling() as settling:
            settling.claim(TraceId(name), Seniority(self._number, SessionId(name)), claims)
            settling.describe(account)

    def report(self, by: Grouping = Grouping.MODEL, choice: Choice | None = None) -> UsageReport:
        request = UsageRequest(by, choice or Choice(), day_of)
        return ReportUsage(self.ledger, PRICES).execute(request)


def spent(step: int, tokens: Tokens, model: str | None = "cheap", **more: object) -> Spent:
    said = {"moment": step * 1000, "is_fast": False, "cost_usd": None, **more}
    return Spent(step=step, tokens=tokens, model=model, **said)  # type: ignore[arg-type]


def rows(report: UsageReport) -> dict[str | None, Row]:
    return {row.key: row for row in report.rows}


def test_tokens_are_added_up_and_priced_by_class() -> None:
    books = Books()
    books.session("a", spent(1, Tokens(50, 0, 0, 0, 0)), spent(2, Tokens(0, 20, 30, 10, 5)))

    (row,) = books.report().rows

    assert row.tokens == Tokens(50, 20, 30, 10, 5)
    assert row.cost_usd == pytest.approx((50 + 200 + 3 + 20 + 20) / 1e6)
    assert (row.sessions, row.responses, row.seconds, row.unpriced) == (1, 2, 1.0, 0)


def test_a_long_prompt_costs_more_and_one_at_the_limit_does_not() -> None:
    books = Books()
    books.session("a", spent(1, SHORT), spent(2, LONG))

    cost = books.report().total.cost_usd

    assert cost == pytest.approx((60 + 1000 + 4 + 2 * (61 + 1000 + 4)) / 1e6)


def test_the_higher_speed_costs_more() -> None:
    books = Books()
    books.session("a", spent(1, SHORT, is_fast=True))

    assert books.report().total.cost_usd == pytest.approx(3 * 1064 / 1e6)


def test_a_response_costs_what_it_cost_on_its_day() -> None:
    books = Books()
    one = Tokens(input=1_000_000)
    books.session(
        "a",
        spent(1, one, "moved"),
        spent(2, one, "moved", moment=25 * HOUR),
        spent(3, one, "moved", moment=None),
    )

    found = rows(books.report(Grouping.DAY))

    assert {key: row.cost_usd for key, row in found.items()} == {
        "1970-01-01": 1,
        "1970-01-02": 5,
        None: 5,
    }
    assert books.report(Grouping.DAY).rows[-1].key is None


def test_what_the_agent_wrote_goes_before_every_price() -> None:
    books = Books()
    books.session("a", spent(1, SHORT, cost_usd=0.5), spent(2, SHORT, "unknown", cost_usd=0.25))

    total = books.report().total

    assert (total.cost_usd, total.told_usd, total.unpriced) == (0.75, 0.75, 0)
    assert books.report().unpriced == ()


def test_a_model_without_a_price_is_named_and_costs_no_zero() -> None:
    books = Books()
    books.session("a", spent(1, SHORT), spent(2, SHORT, "new"), spent(3, SHORT, "new"))
    books.session("b", spent(4, SHORT, None))

    report = books.report()

    assert report.unpriced == ((None, 1), ("new", 2))
    assert {key: row.cost_usd for key, row in rows(report).items()} == {
        "cheap": pytest.approx(1064 / 1e6),
        "new": None,
        None: None,
    }
    assert report.total.cost_usd == pytest.approx(1064 / 1e6)
    assert report.total.unpriced == 3


def test_copies_count_in_the_session_that_began_first() -> None:
    books = Books()
    books.session("first", spent(1, SHORT), spent(2, SHORT))
    books.session("fork", spent(1, SHORT), spent(2, SHORT), spent(3, LONG))

    report = books.report(Grouping.SESSION)

    assert report.replays == 2
    assert {key: row.responses for key, row in rows(report).items()} == {"first": 2, "fork": 1}
    assert (report.total.responses, report.total.sessions) == (3, 2)
    assert rows(report)["fork"].title == "t-fork"


def test_what_was_spent_beside_steps_counts_at_the_end() -> None:
    books = Books()
    beside = [Beside("compaction", 2, THOUSANDS, 0.5), Beside("other", 1, SHORT, None)]
    books.session("a", beside=beside)

    report = books.report(Grouping.DAY)

    (row,) = report.rows
    assert (row.key, row.responses, row.cost_usd, row.unpriced) == ("1970-01-01", 3, 0.5, 1)
    assert row.tokens == THOUSANDS.plus(SHORT)
    assert books.report(choice=Choice(Span(until=HOUR))).rows == ()
    assert len(books.report(choice=Choice(Span(since=HOUR))).rows) == 1


def test_a_session_of_two_days_counts_once_in_the_sum() -> None:
    books = Books()
    books.session("a", spent(1, SHORT), spent(2, SHORT, moment=30 * HOUR))

    report = books.report(Grouping.DAY)

    assert [row.sessions for row in report.rows] == [1, 1]
    assert report.total.sessions == 1


def test_rows_are_ordered_by_time_or_by_cost() -> None:
    books = Books()
    books.session("b", spent(1, SHORT, moment=50 * HOUR))
    books.session("a", spent(2, LONG, moment=30 * HOUR), spent(3, SHORT, "new"))

    assert [row.key for row in books.report(Grouping.DAY).rows] == [
        *("1970-01-01", "1970-01-02", "1970-01-03")
    ]
    assert [row.key for row in books.report(Grouping.SESSION).rows] == ["a", "b"]


def test_only_what_was_chosen_is_reported() -> None:
    books = Books()
    books.session("a", spent(1, SHORT), spent(2, SHORT, "new"))
    books.session("b", spent(1, SHORT), spent(3, SHORT))

    assert books.report(choice=Choice(model="new")).total.responses == 1
    chosen = books.report(choice=Choice(project="p-b"))
    assert (chosen.total.responses, chosen.replays) == (1, 1)


def test_nothing_costs_nothing() -> None:
    empty = Books().report(Grouping.DAY)

    assert empty == nothing(Grouping.DAY)
    assert (empty.total.cost_usd, empty.rows) == (0.0, ())


WORDS = st.sampled_from(["a", "b", "c", "d"])
SESSIONS = st.lists(st.lists(WORDS, max_size=5), min_size=1, max_size=3)


def transcript(session: str, words: Sequence[str]) -> list[bytes]:
    """What a session holds: an answer of the same word is the same response in each session."""
    lines = [typed(f"begin {session}", at=int(session[1:]), session=session)]
    for at, word in enumerate(words, 10):
        lines.append(answered(word, at=at, session=session))
    return lines


def report_of(world: MemoryWorld) -> UsageReport:
    use = ReportUsage(world.ledger, price_table({}))
    return use.execute(UsageRequest(Grouping.SESSION, Choice(), day_of))


@settings(max_examples=40, deadline=None)
@given(sessions=SESSIONS, data=st.data())
def test_read_in_parts_and_in_any_order_it_is_the_same_and_is_what_records_say(
    sessions: list[list[str]], data: st.DataObject
) -> None:
    files = {f"s{n}": transcript(f"s{n}", words) for n, words in enumerate(sessions)}
    whole, parts = MemoryWorld(), MemoryWorld()
    for name, lines in files.items():
        whole.leave(name, {f"{name}.jsonl": b"".join(lines)})
    whole.run()
    for name in data.draw(st.permutations(list(files))):
        lines = files[name]
        cut = data.draw(st.integers(1, len(lines)))
        parts.leave(name, {f"{name}.jsonl": b"".join(lines[:cut])})
        parts.run()
        if cut < len(lines):
            parts.agent.append(f"{name}.jsonl", b"".join(lines[cut:]))
            parts.run()

    assert report_of(parts) == report_of(whole)
    for row in report_of(whole).rows:
        metrics = whole.record(_session(whole, row.key)).metrics
        assert (
            row.tokens.input,
            row.tokens.output,
            row.tokens.cache_read,
            row.tokens.cache_write,
        ) == (
            metrics.total_input_tokens,
            metrics.total_output_tokens,
            metrics.total_cache_read_tokens,
            metrics.total_cache_creation_tokens,
        )


def _session(world: MemoryWorld, trace: str | None) -> str:
    return world.traces.envelope(TraceId(trace or "")).header.session_id


def test_a_ledger_that_was_lost_is_made_anew_with_all_that_was_used() -> None:
    world = MemoryWorld()
    for name in ("s1", "s2"):
        world.leave(name, {f"{name}.jsonl": b"".join(transcript(name, ["a", name]))})
    world.run()
    before = report_of(world)
    world.ledger.begin_anew()
    world.run()
    world.catch_up.settle_all()

    assert report_of(world) == before
    assert before.total.tokens == Tokens(3, 6, 12, 24, 0)
