"""What responses used, written down beside the claims to them."""

import sqlite3
from collections.abc import Iterable, Iterator

from opentraces.adapters.sqlite_ledger.database import stored_key, stored_text
from opentraces.domain.ledger import Claim
from opentraces.domain.usage.spent import Account

_LARGEST = (1 << 63) - 1

_BOOK = """
INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (trace, key) DO UPDATE SET
    step = excluded.step, moment = excluded.moment, model = excluded.model, fast = excluded.fast,
    input = excluded.input, output = excluded.output, cache_read = excluded.cache_read,
    cache_write_5m = excluded.cache_write_5m, cache_write_1h = excluded.cache_write_1h,
    cost = excluded.cost, message = excluded.message, aside = excluded.aside
WHERE excluded.step <= spent.step
"""

_DESCRIBE = """
UPDATE traces SET agent = ?, project = ?, folder = ?, title = ?, ended = ? WHERE number = ?
"""

_BESIDE = "INSERT INTO beside VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

_FORGET = ("DELETE FROM spent WHERE trace = ?", "DELETE FROM beside WHERE trace = ?")


def book(connection: sqlite3.Connection, number: int, claims: Iterable[Claim]) -> None:
    """Write down what claims of a trace used: of two with one key, that of the first step."""
    connection.executemany(_BOOK, _rows(connection, number, claims))


def describe(connection: sqlite3.Connection, number: int, account: Account) -> None:
    """Write down whose the responses of a trace are, and what it spent beside its steps."""
    texts = map(stored_text, (account.project, account.folder, account.title))
    connection.execute(_DESCRIBE, (account.agent, *texts, account.ended, number))
    connection.execute(_FORGET[1], (number,))
    connection.executemany(
        _BESIDE,
        [
            (number, stored_text(each.kind), each.calls, *map(_held, each.tokens), each.cost_usd)
            for each in account.beside
        ],
    )


def forget(connection: sqlite3.Connection, number: int) -> None:
    """Forget what a trace used."""
    for statement in _FORGET:
        connection.execute(statement, (number,))


def _rows(
    connection: sqlite3.Connection, number: int, claims: Iterable[Claim]
) -> Iterator[tuple[object, ...]]:
    models: dict[str | None, int | None] = {None: None}
    for claim in claims:
        spent = claim.spent
        if spent is None:
            continue
        if spent.model not in models:
            models[spent.model] = _model(connection, spent.model)
        yield (
            number,
            stored_key(claim.key),
            spent.step,
            spent.moment,
            models[spent.model],
            spent.is_fast,
            *map(_held, spent.tokens),
            spent.cost_usd,
            None if spent.message is None else stored_key(spent.message),
            spent.is_aside,
        )


def _model(connection: sqlite3.Connection, name: str | None) -> int:
    stored = stored_text(name)
    connection.execute("INSERT OR IGNORE INTO models (name) VALUES (?)", (stored,))
    row = connection.execute("SELECT number FROM models WHERE name = ?", (stored,)).fetchone()
    return int(row[0])


def _held(number: int) -> int:
    """Return a number that SQLite can hold, and add up many of."""
    return max(min(number, _LARGEST >> 24), 0)
