"""What was booked, read beside whoever settles. Imports no models."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from opentraces.adapters._sqlite.form import Damaged
from opentraces.adapters._sqlite.locks import looked
from opentraces.adapters.sqlite_ledger.database import FORM, rebuild_of, text_of
from opentraces.domain.ids import TraceId
from opentraces.domain.usage.portions import QUARTER_MS, Portion, Span
from opentraces.domain.usage.spent import Account, Beside, Tokens
from opentraces.ports.usage_book import UsageBook

_CLASSES = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
_PROMPT = "(input + cache_read + cache_write_5m + cache_write_1h)"
_USED = "(input OR output OR cache_read OR cache_write_5m OR cache_write_1h)"

_REPLAY = """
CASE WHEN copied THEN 1 WHEN aside THEN EXISTS (
    SELECT 1 FROM spent AS own
    WHERE own.trace = spent.trace AND own.message = spent.message AND NOT own.aside
) ELSE 0 END
"""
"""A CASE, since SQLite may look for all that stands beside an OR."""

# SQLite divides towards 0: no year of four digits is before so many quarters.
_QUARTER = f"(moment + {QUARTER_MS} * 100000000) / {QUARTER_MS}"

_SELECT = f"""
SELECT trace, model, fast, {{length}} AS length, cost IS NOT NULL AS told, {_REPLAY} AS replay,
    min(moment), max(moment), sum({_USED}), {", ".join(f"sum({name})" for name in _CLASSES)},
    total(cost)
FROM spent WHERE {{asked}} AND ({_USED} OR cost)
GROUP BY trace, model, fast, {_QUARTER}, length, told, replay
"""  # noqa: S608

_ACCOUNTS = "SELECT number, trace, agent, project, folder, title, ended FROM traces"

_SPENDERS = " ".join((_ACCOUNTS, "WHERE number IN (SELECT trace FROM beside)"))

_BESIDE = """
SELECT trace, kind, calls, input, output, cache_read, cache_write_5m, cache_write_1h, cost
FROM beside ORDER BY trace, kind
"""


class SqliteUsageBook(UsageBook):
    """Holds the lock of those that only look: see SqliteLedger. Changes nothing."""

    def __init__(self, path: Path, bucket_id: str, wait_s: float) -> None:
        """Read the ledger of the bucket `bucket_id`; wait `wait_s` for whoever writes to it."""
        self._path = path
        self._looking = path.with_name(f"{path.name}.looking")
        self._bucket_id = bucket_id
        self._wait_s = wait_s

    def is_complete(self) -> bool:
        """See UsageBook."""
        try:
            with self._opened():
                return True
        except Damaged:
            return False

    def portions(self, span: Span, lengths: Sequence[int]) -> list[Portion]:
        """See UsageBook."""
        where, values = _asked(span)
        exceeded = "".join(f" + ({_PROMPT} > {int(length)})" for length in lengths)
        statement = _SELECT.format(length=f"(0{exceeded})", asked=where)
        with self._opened() as connection:
            accounts = _accounts(connection, _ACCOUNTS)
            rows = connection.execute("SELECT number, name FROM models")
            models = {number: text_of(name) for number, name in rows}
            of = _maker(accounts, models)
            return [of(row) for row in connection.execute(statement, values)]

    def accounts(self) -> list[Account]:
        """See UsageBook."""
        with self._opened() as connection:
            accounts = _accounts(connection, _SPENDERS)
            beside: dict[int, list[Beside]] = {}
            for trace, kind, calls, *used, cost in connection.execute(_BESIDE):
                row = Beside(text_of(kind) or "", calls, Tokens(*used), cost)
                beside.setdefault(trace, []).append(row)
            return [accounts[trace]._replace(beside=tuple(rows)) for trace, rows in beside.items()]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Be in a transaction on a complete ledger. Raises Damaged: there is none."""
        with ExitStack() as stack:
            with FORM.translated():
                stack.enter_context(looked(self._looking, self._wait_s, FORM.name))
                connection = stack.enter_context(closing(FORM.connect(self._path, self._wait_s)))
                if rebuild_of(connection, self._path, self._bucket_id) is not None:
                    raise Damaged(f"the {FORM.name} is not complete; {FORM.remedy}")
                connection.execute("BEGIN")
            with FORM.translated():
                yield connection


def _asked(span: Span) -> tuple[str, list[int]]:
    bounds = [("moment >= ?", span.since), ("moment < ?", span.until)]
    given = [(text, moment) for text, moment in bounds if moment is not None]
    return " AND ".join(text for text, _ in given) or "1", [moment for _, moment in given]


def _accounts(connection: sqlite3.Connection, statement: str) -> dict[int, Account]:
    return {
        number: Account(
            trace=TraceId(trace),
            agent=agent or "",
            project=text_of(project),
            folder=text_of(folder),
            title=text_of(title),
            ended=ended,
        )
        for number, trace, agent, project, folder, title, ended in connection.execute(statement)
    }


def _maker(
    accounts: Mapping[int, Account], models: Mapping[int, str | None]
) -> Callable[[tuple[Any, ...]], Portion]:
    def of(row: tuple[Any, ...]) -> Portion:
        trace, model, fast, length, told, replay, first, last, responses, *used, cost = row
        return Portion(
            accounts[trace],
            models.get(model),
            bool(fast),
            length,
            bool(told),
            bool(replay),
            first,
            last,
            responses,
            Tokens(*used),
            cost,
        )

    return of
