"""What was found of traces in history, as SQL."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from opentraces.adapters.sqlite_trail_index.database import stored, text_of
from opentraces.adapters.sqlite_trail_index.traces import number_of
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, Searched

_COLUMNS = """
SELECT commits.name, credits.path, credits.first, credits.last, traces.trace, writers.step,
    writers.call, writers.patch, credits.tier, commits.committed
"""

_OF_COMMITS = f"""
{_COLUMNS} FROM commits
CROSS JOIN credits ON credits.made = commits.number
CROSS JOIN writers ON writers.number = credits.writer
CROSS JOIN traces ON traces.number = writers.trace
WHERE commits.repository = ?1
"""

_OF_ONE_COMMIT = f"{_OF_COMMITS} AND commits.name = ?2"

_OF_TRACE = f"""
{_COLUMNS} FROM traces
CROSS JOIN writers ON writers.trace = traces.number
CROSS JOIN credits ON credits.writer = writers.number
CROSS JOIN commits ON commits.number = credits.made
WHERE commits.repository = ?1 AND traces.trace = ?2
"""
"""The order of the tables is given: SQLite, which knows no figures, would guess."""

_TAKE_BACK = """
DELETE FROM credits WHERE made = ?1 AND path = ?2
AND writer IN (SELECT number FROM writers WHERE patch = ?3)
"""

Row = tuple[Any, ...]
"""A credit as it is stored."""


def searched(connection: sqlite3.Connection, repository: str) -> Searched:
    """Return up to where a repository's history was searched."""
    key = (stored(repository),)
    rows = connection.execute("SELECT until, tips, leading FROM searches WHERE repository = ?", key)
    row = rows.fetchone()
    if row is None:
        return Searched()
    return Searched(_commits(row[1]), text_of(row[0]), _commits(row[2]))


def note_search(
    connection: sqlite3.Connection,
    repository: str,
    searched: Searched,
    traces: Iterable[tuple[TraceId, int]],
) -> None:
    """Note a search, and what it took in."""
    tips, leading = ("\n".join(sorted(each)) for each in (searched.tips, searched.leading))
    row = (stored(repository), stored(searched.until), stored(tips), stored(leading))
    connection.execute("INSERT OR REPLACE INTO searches VALUES (?, ?, ?, ?)", row)
    connection.executemany(
        "INSERT OR REPLACE INTO looked SELECT number, ?, ? FROM traces WHERE trace = ?",
        [(stored(repository), commit, stored(trace)) for trace, commit in traces],
    )


def note_found(
    connection: sqlite3.Connection, repository: str, found: Collection[NotedCredit]
) -> None:
    """Replace the credits of each patch, commit and file that is named."""
    for patch, commit, path in {(each.patch, each.commit, each.path) for each in found}:
        made = _commit(connection, repository, commit)
        if made is not None:
            connection.execute(_TAKE_BACK, (made, stored(path), stored(patch)))
    for each in found:
        trace = number_of(connection, each.trace)
        if trace is not None and each.first:
            _note_one(connection, repository, trace, each)


def forget(connection: sqlite3.Connection, number: int) -> None:
    """Remove what was found of a trace."""
    connection.execute(
        "DELETE FROM credits WHERE writer IN (SELECT number FROM writers WHERE trace = ?)",
        (number,),
    )
    connection.execute("DELETE FROM writers WHERE trace = ?", (number,))


def credits_of(
    connection: sqlite3.Connection,
    repository: str,
    commits: Collection[CommitId] | None,
    trace: TraceId | None,
) -> list[Row]:
    """Return credits by commit, path and line; see TrailIndex."""
    of = stored(repository)
    if commits is not None:
        names = (stored(commit) for commit in set(commits))
        each = (connection.execute(_OF_ONE_COMMIT, (of, name)) for name in names)
        rows = [row for some in each for row in some]
        if trace is not None:
            rows = [row for row in rows if row[4] == stored(trace)]
    elif trace is not None:
        rows = connection.execute(_OF_TRACE, (of, stored(trace))).fetchall()
    else:
        rows = connection.execute(_OF_COMMITS, (of,)).fetchall()
    return sorted(rows, key=lambda row: (*row[:4], row[7], row[4], *row[5:7], row[8]))


def as_credits(rows: Iterable[Row]) -> Iterator[NotedCredit]:
    """Yield credits as they were noted."""
    for commit, path, first, last, trace, step, call, patch, tier, committed in rows:
        yield NotedCredit(
            commit=CommitId(text_of(commit)),
            path=text_of(path),
            first=first,
            last=last,
            trace=TraceId(text_of(trace)),
            step_index=step,
            call=text_of(call[1:]) if call else None,
            patch=text_of(patch),
            tier=tier,
            committed=text_of(committed),
        )


def _note_one(
    connection: sqlite3.Connection, repository: str, trace: int, credit: NotedCredit
) -> None:
    connection.execute(
        "INSERT INTO commits (repository, name, committed) VALUES (?, ?, ?)"
        " ON CONFLICT (repository, name) DO UPDATE SET committed = excluded.committed",
        (stored(repository), stored(credit.commit), stored(credit.committed)),
    )
    made = _commit(connection, repository, credit.commit)
    writer = _writer(connection, trace, credit)
    row = (made, stored(credit.path), credit.first, credit.last, writer, credit.tier)
    connection.execute("INSERT OR IGNORE INTO credits VALUES (?, ?, ?, ?, ?, ?)", row)


def _commits(lines: bytes) -> frozenset[CommitId]:
    return frozenset(CommitId(each) for each in text_of(lines).split("\n") if each)


def _commit(connection: sqlite3.Connection, repository: str, commit: CommitId) -> int | None:
    rows = connection.execute(
        "SELECT number FROM commits WHERE repository = ? AND name = ?",
        (stored(repository), stored(commit)),
    )
    row = rows.fetchone()
    return None if row is None else int(row[0])


def _writer(connection: sqlite3.Connection, trace: int, credit: NotedCredit) -> int:
    call = b"" if credit.call is None else stored(f"={credit.call}")
    row = (stored(credit.patch), trace, credit.step_index, call)
    connection.execute(
        "INSERT OR IGNORE INTO writers (patch, trace, step, call) VALUES (?, ?, ?, ?)", row
    )
    rows = connection.execute(
        "SELECT number FROM writers WHERE patch = ? AND trace = ? AND step = ? AND call = ?", row
    )
    return int(rows.fetchone()[0])
