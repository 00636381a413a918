"""What every UsageBook keeps to, together with the ledger that writes it."""

from collections.abc import Iterable, Sequence

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.ledger import Claim
from opentraces.domain.usage.portions import QUARTER_MS, Portion, Span
from opentraces.domain.usage.spent import Account, Beside, Spent, Tokens
from opentraces.ports.ledger import UsageLedger
from opentraces.ports.usage_book import UsageBook
from tests.contracts.usage_ledger import OLD, YOUNG, key, rank

USED = Tokens(1, 2, 3, 4, 5)
ALL = Span()
Added = dict[tuple[object, ...], tuple[int, Tokens, float]]


def account(trace: TraceId, *beside: Beside, title: str | None = "Mend it") -> Account:
    return Account(trace, "claude-code", "widgets", "/home/dev/widgets", title, 90, beside)


def spent(step: int = 1, tokens: Tokens = USED, **more: object) -> Spent:
    said = {"moment": 1000 * step, "model": "m", "is_fast": False, "cost_usd": None, **more}
    return Spent(step=step, tokens=tokens, **said)  # type: ignore[arg-type]


def claim(number: int, what: Spent | None) -> Claim:
    return Claim(key(number), counted=what is not None, spent=what)


def begin(ledger: UsageLedger) -> None:
    """Make a ledger that was never used complete, with nothing in it."""
    ledger.begin_anew()
    book_it(ledger, OLD, [], moment=0)


def book_it(
    ledger: UsageLedger, trace: TraceId, claims: Sequence[Claim], *beside: Beside, moment: int
) -> None:
    with ledger.settling() as settling:
        settling.claim(trace, rank(moment), claims)
        settling.describe(account(trace, *beside))
        list(settling.settlements())


def added(portions: Iterable[Portion]) -> Added:
    """Add portions up as far as any book may."""
    sums: Added = {}
    for each in portions:
        quarter = None if each.first is None else each.first // QUARTER_MS
        name = (each.account, each.model, each.is_fast, each.length, each.is_told, each.is_replay)
        responses, tokens, cost = sums.get((*name, quarter), (0, Tokens(), 0.0))
        sums[*name, quarter] = (
            responses + each.responses,
            tokens.plus(each.tokens),
            round(cost + each.cost_usd, 9),
        )
    return sums


class UsageBookContract:
    @pytest.fixture
    def ledger(self) -> UsageLedger:
        raise NotImplementedError("give a ledger that was never used, and waits for 0.1 s")

    @pytest.fixture
    def book(self, ledger: UsageLedger) -> UsageBook:
        raise NotImplementedError("give the book that it writes")

    def test_a_ledger_that_was_never_used_has_no_complete_book(self, book: UsageBook) -> None:
        assert not book.is_complete()

    def test_nothing_is_in_a_new_book(self, ledger: UsageLedger, book: UsageBook) -> None:
        begin(ledger)

        assert book.is_complete()
        assert (list(book.portions(ALL, ())), list(book.accounts())) == ([], [])

    def test_a_response_comes_back_as_it_was_booked(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        what = spent(3, model="a\udcff", is_fast=True, cost_usd=0.25)
        book_it(ledger, YOUNG, [claim(1, what)], moment=1)

        (portion,) = book.portions(ALL, ())

        assert portion == Portion(
            account=account(YOUNG),
            model="a\udcff",
            is_fast=True,
            length=0,
            is_told=True,
            is_replay=False,
            first=3000,
            last=3000,
            responses=1,
            tokens=USED,
            cost_usd=0.25,
        )

    def test_what_has_no_time_and_no_model_is_there(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        book_it(ledger, OLD, [claim(1, spent(moment=None, model=None))], moment=1)

        (portion,) = book.portions(ALL, ())
        assert (portion.first, portion.last, portion.model) == (None, None, None)
        assert list(book.portions(Span(since=0), ())) == []
        assert list(book.portions(Span(until=10**15), ())) == []

    def test_a_step_that_used_nothing_is_not_in_it(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        nothing = spent(2, Tokens(), message=key(9), cost_usd=0.0)
        book_it(ledger, OLD, [claim(1, None), claim(2, nothing)], moment=1)

        assert list(book.portions(ALL, ())) == []

    def test_what_was_paid_without_tokens_is_no_response(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        book_it(ledger, OLD, [claim(1, spent(tokens=Tokens(), cost_usd=0.5))], moment=1)

        (portion,) = book.portions(ALL, ())
        assert (portion.responses, portion.cost_usd) == (0, 0.5)

    def test_a_later_word_on_a_step_replaces_the_one_before(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        book_it(ledger, OLD, [claim(1, spent(7, Tokens(output=1)))], moment=1)
        book_it(ledger, OLD, [claim(1, spent(7, Tokens(output=9)))], moment=1)

        assert [each.tokens for each in book.portions(ALL, ())] == [Tokens(output=9)]

    @pytest.mark.parametrize("steps", [(2, 5), (5, 2)])
    def test_of_two_steps_with_one_key_the_first_counts(
        self, ledger: UsageLedger, book: UsageBook, steps: tuple[int, int]
    ) -> None:
        begin(ledger)
        for step in steps:
            book_it(ledger, OLD, [claim(1, spent(step, Tokens(output=step)))], moment=1)

        assert [each.tokens for each in book.portions(ALL, ())] == [Tokens(output=2)]

    def test_a_shared_step_is_a_replay_in_the_later_session(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        book_it(ledger, YOUNG, [claim(1, spent()), claim(2, spent(2))], moment=2)
        book_it(ledger, OLD, [claim(1, spent())], moment=1)

        found = sorted(
            (each.account.trace, each.is_replay, each.responses) for each in book.portions(ALL, ())
        )
        assert found == [(OLD, False, 1), (YOUNG, False, 1), (YOUNG, True, 1)]

    def test_what_a_trace_gives_back_is_the_next_ones(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        book_it(ledger, OLD, [claim(1, spent())], Beside("compaction", 1, USED, None), moment=1)
        book_it(ledger, YOUNG, [claim(1, spent())], moment=2)
        with ledger.settling() as settling:
            settling.release(OLD)
            list(settling.settlements())

        (portion,) = book.portions(ALL, ())
        assert (portion.account.trace, portion.is_replay) == (YOUNG, False)
        assert list(book.accounts()) == []

    @pytest.mark.parametrize("order", [(1, 2), (2, 1)])
    def test_a_side_question_counts_where_no_other_step_is_the_same_message(
        self, ledger: UsageLedger, book: UsageBook, order: tuple[int, int]
    ) -> None:
        begin(ledger)
        both = {
            1: claim(1, spent(1, message=key(8))),
            2: claim(8, spent(2, message=key(8), is_aside=True)),
        }
        alone = claim(9, spent(3, message=key(9), is_aside=True))
        for number in order:
            book_it(ledger, OLD, [both[number]], moment=1)
        book_it(ledger, OLD, [alone], moment=1)
        book_it(ledger, YOUNG, [claim(7, spent(1, message=key(9)))], moment=1)

        mine = [each for each in book.portions(ALL, ()) if each.account.trace == OLD]
        assert sum(each.responses for each in mine if each.is_replay) == 1
        assert sum(each.responses for each in mine if not each.is_replay) == 2

    def test_a_stretch_of_time_holds_its_beginning_and_not_its_end(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        claims = [claim(n, spent(n, Tokens(output=n))) for n in (1, 2, 3)]
        book_it(ledger, OLD, claims, moment=1)

        asked = book.portions(Span(since=2000, until=3000), ())
        assert [each.tokens.output for each in asked] == [2]

    def test_prompts_on_two_sides_of_a_length_stay_apart(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        prompts = [Tokens(40, 999, 30, 20, 10), Tokens(41, 0, 30, 20, 10), Tokens(201, 0, 0, 0, 0)]
        claims = [claim(n, spent(n, tokens)) for n, tokens in enumerate(prompts, 1)]
        book_it(ledger, OLD, claims, moment=1)

        found = {each.length: each.tokens.input for each in book.portions(ALL, (100, 200))}
        assert found == {0: 40, 1: 41, 2: 201}

    def test_quarters_of_an_hour_stay_apart(self, ledger: UsageLedger, book: UsageBook) -> None:
        begin(ledger)
        moments = [-1, 0, QUARTER_MS - 1, QUARTER_MS, 5 * QUARTER_MS]
        claims = [claim(n, spent(n, moment=at)) for n, at in enumerate(moments, 1)]
        book_it(ledger, OLD, claims, moment=1)

        for each in book.portions(ALL, ()):
            assert (each.first or 0) // QUARTER_MS == (each.last or 0) // QUARTER_MS

    def test_what_was_said_last_of_a_session_holds(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        before, now = Beside("compaction", 1, USED, 0.5), Beside("x\udcff", 2, USED, None)
        book_it(ledger, OLD, [], before, moment=1)
        book_it(ledger, OLD, [], now, before, moment=1)

        (said,) = book.accounts()
        assert (said.trace, set(said.beside)) == (OLD, {now, before})

    def test_a_session_that_claimed_nothing_is_not_described(
        self, ledger: UsageLedger, book: UsageBook
    ) -> None:
        begin(ledger)
        with ledger.settling() as settling:
            settling.describe(account(YOUNG, Beside("compaction", 1, USED, None)))

        assert list(book.accounts()) == []

    def test_begin_anew_empties_it(self, ledger: UsageLedger, book: UsageBook) -> None:
        begin(ledger)
        book_it(ledger, OLD, [claim(1, spent())], Beside("compaction", 1, USED, None), moment=1)
        begin(ledger)

        assert (list(book.portions(ALL, ())), list(book.accounts())) == ([], [])
