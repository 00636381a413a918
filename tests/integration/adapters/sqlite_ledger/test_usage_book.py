"""The usage book in SQLite."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.memory.ledger import MemoryLedger
from opentraces.adapters.sqlite_ledger.book import SqliteUsageBook
from opentraces.adapters.sqlite_ledger.ledger import SqliteLedger
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.domain.ledger import Claim
from opentraces.domain.usage.portions import Span
from opentraces.domain.usage.spent import Beside, Spent, Tokens
from opentraces.ports.ledger import UsageLedger
from tests.contracts.usage_book import (
    ALL,
    USED,
    UsageBookContract,
    account,
    added,
    begin,
    book_it,
    claim,
    spent,
)
from tests.contracts.usage_ledger import HYPOTHESIS, OLD, TRACES, key, rank

BUCKET = "b7e6"
LENGTHS = (2, 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


SPENT = st.builds(
    Spent,
    step=st.integers(1, 4),
    moment=st.none() | st.sampled_from([0, 1, 899_999, 900_000, 5_000_000, -1]),
    model=st.sampled_from([None, "m", "n"]),
    is_fast=st.booleans(),
    tokens=st.builds(Tokens, *[st.integers(0, 3)] * 5),
    cost_usd=st.none() | st.sampled_from([0.0, 0.5]),
    message=st.none() | st.integers(20, 23).map(key),
    is_aside=st.booleans(),
)
CLAIMS = st.lists(
    st.builds(Claim, st.integers(0, 5).map(key), st.booleans(), st.none() | SPENT), max_size=5
)
ACT = st.tuples(st.sampled_from(TRACES[:3]), st.integers(0, 3), CLAIMS, st.booleans())
Act = tuple[TraceId, int, list[Claim], bool]


def do(ledger: UsageLedger, acts: list[Act]) -> None:
    with ledger.settling() as settling:
        for trace, moment, claims, is_anew in acts:
            if is_anew:
                settling.release(trace)
            settling.claim(trace, rank(moment), claims)
            settling.describe(account(trace))
        list(settling.settlements())


class TestSqliteUsageBook(UsageBookContract):
    @pytest.fixture
    def ledger(self, path: Path) -> SqliteLedger:
        return SqliteLedger(path, BUCKET, 0.1)

    @pytest.fixture
    def book(self, path: Path) -> SqliteUsageBook:
        return SqliteUsageBook(path, BUCKET, 0.1)

    @HYPOTHESIS
    @given(rounds=st.lists(st.lists(ACT, max_size=4), max_size=4))
    def test_it_says_what_the_book_in_memory_says(
        self, ledger: SqliteLedger, book: SqliteUsageBook, rounds: list[list[Act]]
    ) -> None:
        plain = MemoryLedger()
        begin(ledger)
        begin(plain)
        for acts in rounds:
            do(ledger, acts)
            do(plain, acts)

        for span in (ALL, Span(since=1, until=900_000)):
            assert added(book.portions(span, LENGTHS)) == added(plain.portions(span, LENGTHS))

    def test_it_is_read_while_another_process_settles(
        self, ledger: SqliteLedger, book: SqliteUsageBook
    ) -> None:
        begin(ledger)
        book_it(ledger, OLD, [claim(1, spent())], moment=1)

        with ledger.settling() as settling:
            settling.claim(OLD, rank(1), [claim(2, spent(2))])
            (portion,) = book.portions(ALL, ())

        assert portion.responses == 1
        (portion,) = book.portions(ALL, ())
        assert portion.responses == 2

    def test_numbers_that_no_database_holds_do_not_stop_it(
        self, ledger: SqliteLedger, book: SqliteUsageBook
    ) -> None:
        begin(ledger)
        much = Tokens(10**30, 1, 1, 1, 1)
        claims = [claim(number, spent(number, much)) for number in range(1, 9)]
        book_it(ledger, OLD, claims, Beside("x", 1, much, None), moment=1)

        (portion,) = book.portions(ALL, ())
        assert portion.tokens.output == 8


def test_a_ledger_of_another_form_or_bucket_has_no_complete_book(path: Path) -> None:
    begin(SqliteLedger(path, BUCKET, 0.1))
    assert SqliteUsageBook(path, BUCKET, 0.1).is_complete()

    assert not SqliteUsageBook(path, "other", 0.1).is_complete()
    path.write_bytes(b"")
    assert not SqliteUsageBook(path, BUCKET, 0.1).is_complete()


def test_a_ledger_that_is_being_rebuilt_is_not_read(path: Path) -> None:
    ledger = SqliteLedger(path, BUCKET, 0.1)
    begin(ledger)
    book_it(ledger, OLD, [claim(1, spent(tokens=USED))], moment=1)
    ledger.begin_anew()

    with pytest.raises(StorageUnavailable, match="not complete"):
        SqliteUsageBook(path, BUCKET, 0.1).portions(ALL, ())


def test_looking_makes_no_file(path: Path) -> None:
    assert not SqliteUsageBook(path, BUCKET, 0.1).is_complete()

    assert not path.parent.exists()
