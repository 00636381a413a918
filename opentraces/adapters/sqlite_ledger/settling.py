"""The ledger's rule, who holds which step, as SQL."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from opentraces.adapters.sqlite_ledger import booking
from opentraces.adapters.sqlite_ledger.database import FORM, key_of, stored_key
from opentraces.domain.ids import StepKey, TraceId
from opentraces.domain.ledger import Claim, Seniority, Settlement, UsageCount
from opentraces.domain.usage.spent import Account
from opentraces.ports.ledger import Settling

_AT_ONCE = 500  # keys a lookup: below the 999 variables that an old SQLite allows

_CLAIM = """
INSERT INTO claims VALUES (?, ?, ?)
ON CONFLICT (key, trace) DO UPDATE SET counted = max(counted, excluded.counted)
"""

_SHARERS = """
SELECT DISTINCT theirs.trace FROM claims AS mine JOIN claims AS theirs USING (key)
WHERE mine.trace = ?1 AND theirs.trace <> ?1
"""

_REPLAYS = """
SELECT key FROM claims AS mine WHERE mine.trace = ?1 AND EXISTS (
    SELECT 1 FROM claims AS theirs JOIN traces ON traces.number = theirs.trace
    WHERE theirs.key = mine.key
    AND (traces.first_moment, traces.session, traces.trace) < (?2, ?3, ?4)
) ORDER BY key
"""

_COPIES = """
UPDATE spent SET copied = EXISTS (
    SELECT 1 FROM claims AS theirs JOIN traces ON traces.number = theirs.trace,
        traces AS own ON own.number = ?1
    WHERE theirs.key = spent.key
    AND (traces.first_moment, traces.session, traces.trace)
        < (own.first_moment, own.session, own.trace)
) WHERE trace = ?1
"""


class SqliteSettling(Settling):
    """One transaction. Only the traces that share a step with one it touched are looked at."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Work in the transaction that `connection` is in."""
        self._connection = connection
        self._affected: set[int] = set()

    def claim(self, trace: TraceId, seniority: Seniority, claims: Collection[Claim]) -> UsageCount:
        """See Settling."""
        wanted: dict[int, bool] = {}
        for claim in claims:
            key = stored_key(claim.key)
            wanted[key] = claim.counted or wanted.get(key, False)
        with FORM.translated():
            number = self._register(trace, seniority)
            keys = sorted(wanted)
            own, others = self._holders(keys, number)
            new = [key for key in keys if key not in own or wanted[key] > own[key]]
            rows = [(key, number, wanted[key]) for key in new]
            self._connection.executemany(_CLAIM, rows)
            booking.book(self._connection, number, claims)
        counted = [key for key in new if wanted[key]]
        replays = sum(key in others for key in counted)
        return UsageCount(responses=len(counted) - replays, replays_skipped=replays)

    def describe(self, account: Account) -> None:
        """See Settling."""
        with FORM.translated():
            known = self._known(account.trace)
            if known is not None:
                booking.describe(self._connection, known[0], account)

    def release(self, trace: TraceId) -> None:
        """See Settling."""
        with FORM.translated():
            known = self._known(trace)
            if known is None:
                return
            number = known[0]
            self._touch_all(number)
            self._connection.execute("DELETE FROM claims WHERE trace = ?", (number,))
            booking.forget(self._connection, number)
            self._connection.execute(
                "UPDATE traces SET first_moment = NULL WHERE number = ?", (number,)
            )

    def settlements(self) -> Iterable[Settlement]:
        """See Settling. As of this call, by trace, ascending."""
        with FORM.translated():
            rows = [
                row
                for number in self._affected
                for row in self._connection.execute(
                    "SELECT number, first_moment, session, trace FROM traces"
                    " WHERE number = ? AND first_moment IS NOT NULL",
                    (number,),
                )
            ]
            return [
                Settlement(trace=TraceId(row[3]), replays=self._replays(row))
                for row in sorted(rows, key=lambda row: row[3])
            ]

    def finish(self) -> None:
        """Book who holds what is shared; forget traces that were released and not claimed again."""
        for number in self._affected:
            self._connection.execute(_COPIES, (number,))
        self._connection.execute("DELETE FROM traces WHERE first_moment IS NULL")

    def _register(self, trace: TraceId, seniority: Seniority) -> int:
        session = seniority.session.encode("utf-8", "surrogatepass")
        rank = (seniority.first_moment, session)
        known = self._known(trace)
        if known is None:
            added = self._connection.execute(
                "INSERT INTO traces (trace, first_moment, session) VALUES (?, ?, ?)",
                (trace, *rank),
            )
            return int(added.lastrowid or 0)
        if known[1:] != rank:
            self._touch_all(known[0])
            self._connection.execute(
                "UPDATE traces SET first_moment = ?, session = ? WHERE number = ?",
                (*rank, known[0]),
            )
        return known[0]

    def _known(self, trace: TraceId) -> tuple[int, int | None, bytes] | None:
        found = self._connection.execute(
            "SELECT number, first_moment, session FROM traces WHERE trace = ?", (trace,)
        )
        row: tuple[int, int | None, bytes] | None = found.fetchone()
        return row

    def _holders(self, keys: list[int], number: int) -> tuple[Mapping[int, bool], set[int]]:
        """Return the keys this trace has, with whether they count, and those others have."""
        own: dict[int, bool] = {}
        others: set[int] = set()
        for key, trace, counted in self._lookup(keys):
            if trace == number:
                own[key] = bool(counted)
            else:
                others.add(key)
                self._affected.update((trace, number))
        return own, others

    def _lookup(self, keys: list[int]) -> Iterator[tuple[int, int, int]]:
        rest = iter(keys)
        while some := list(islice(rest, _AT_ONCE)):
            marks = ",".join("?" * len(some))
            yield from self._connection.execute(
                f"SELECT key, trace, counted FROM claims WHERE key IN ({marks})",  # noqa: S608
                some,
            )

    def _touch_all(self, number: int) -> None:
        sharers = {row[0] for row in self._connection.execute(_SHARERS, (number,))}
        if sharers:
            self._affected |= sharers | {number}

    def _replays(self, row: tuple[int, int, bytes, str]) -> tuple[StepKey, ...]:
        return tuple(key_of(key) for (key,) in self._connection.execute(_REPLAYS, row))
