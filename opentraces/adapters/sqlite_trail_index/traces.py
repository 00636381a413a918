"""What is noted of traces and the files they touched, as SQL."""

import sqlite3
from collections.abc import Collection, Iterator

from opentraces.adapters.sqlite_trail_index.database import stored, text_of
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.noted import NotedTrace

_NOTE = """
INSERT INTO traces (trace, place, noted, first, generation, length, folder, base)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (trace) DO UPDATE SET
    place = excluded.place, noted = excluded.noted, first = excluded.first,
    generation = excluded.generation, length = excluded.length,
    folder = excluded.folder, base = excluded.base
"""

_NOTED = """
SELECT traces.trace, places.repository, worktree, noted, first, searched, generation, length,
    folder, base
FROM traces JOIN places ON places.number = traces.place
LEFT JOIN looked
ON looked.trace = traces.number AND looked.repository = ifnull(?2, places.repository)
WHERE traces.number = ?1
"""

_BELOW = "SELECT DISTINCT trace FROM files WHERE folder >= ? AND folder < ?"
_AT = "SELECT trace FROM files WHERE folder = ? AND name = ?"


def number_of(connection: sqlite3.Connection, trace: TraceId) -> int | None:
    """Return a trace's number. None: it is not noted."""
    rows = connection.execute("SELECT number FROM traces WHERE trace = ?", (stored(trace),))
    row = rows.fetchone()
    return None if row is None else int(row[0])


def note(connection: sqlite3.Connection, noted: NotedTrace) -> None:
    """Replace what is noted of a trace; see TrailNoting."""
    place = _place(connection, noted)
    row = (
        stored(noted.trace),
        place,
        noted.commit,
        noted.first,
        noted.trail_generation,
        noted.trail_length,
        stored(noted.folder),
        stored(noted.base),
    )
    connection.execute(_NOTE, row)
    number = _numbered(connection, noted.trace)
    void = (number, noted.commit)
    connection.execute("DELETE FROM looked WHERE trace = ? AND searched > ?", void)
    before = set(_files(connection, number))
    now = {(place, *_parts(path)) for path in noted.paths}
    for other, name, folder in before - now:
        connection.execute(
            "DELETE FROM files WHERE place = ? AND name = ? AND trace = ? AND folder = ?",
            (other, name, number, folder),
        )
    connection.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?)",
        [(place, name, number, folder) for place, name, folder in sorted(now - before)],
    )


def forget(connection: sqlite3.Connection, number: int) -> None:
    """Remove what is noted of a trace, but for its credits."""
    connection.execute("DELETE FROM files WHERE trace = ?", (number,))
    connection.execute("DELETE FROM looked WHERE trace = ?", (number,))
    connection.execute("DELETE FROM traces WHERE number = ?", (number,))


def known(connection: sqlite3.Connection, traces: Collection[TraceId]) -> dict[TraceId, NotedTrace]:
    """Return what is noted of traces."""
    numbers = {trace: number_of(connection, trace) for trace in traces}
    return {
        trace: _noted(connection, number) for trace, number in numbers.items() if number is not None
    }


def noted(
    connection: sqlite3.Connection,
    repository: str,
    worktrees: Collection[str],
    paths: Collection[str] | None,
) -> list[NotedTrace]:
    """Return the traces of a repository, by id; see TrailIndex."""
    numbers: set[int] = set()
    for place in set(_places(connection, repository, worktrees)):
        if paths is None:
            rows = connection.execute("SELECT number FROM traces WHERE place = ?", (place,))
            numbers.update(number for (number,) in rows)
        else:
            numbers.update(_touching(connection, place, paths))
    for worktree in worktrees:
        if worktree:
            numbers.update(_below(connection, worktree.rstrip("/"), paths))
    found = (_noted(connection, each, repository) for each in numbers)
    return sorted(found, key=lambda each: each.trace)


def strays(connection: sqlite3.Connection, repository: str) -> list[NotedTrace]:
    """Return the traces of no known worktree; see TrailIndex."""
    rows = connection.execute("SELECT number FROM traces WHERE folder != x'' ORDER BY trace")
    return [_noted(connection, number, repository) for (number,) in rows.fetchall()]


def _numbered(connection: sqlite3.Connection, trace: TraceId) -> int:
    rows = connection.execute("SELECT number FROM traces WHERE trace = ?", (stored(trace),))
    return int(rows.fetchone()[0])


def _places(
    connection: sqlite3.Connection, repository: str, worktrees: Collection[str]
) -> Iterator[int]:
    if repository:
        yield from _numbers(
            connection, "SELECT number FROM places WHERE repository = ?", repository
        )
    for worktree in worktrees:
        if worktree:
            yield from _numbers(
                connection, "SELECT number FROM places WHERE worktree = ?", worktree
            )


def _numbers(connection: sqlite3.Connection, statement: str, text: str) -> Iterator[int]:
    return (number for (number,) in connection.execute(statement, (stored(text),)))


def _touching(connection: sqlite3.Connection, place: int, paths: Collection[str]) -> Iterator[int]:
    """Yield the traces of one place that touched a file that ends so."""
    for path in paths:
        end = stored(f"/{path}")
        name, _ = _parts(f"/{path}")
        rows = connection.execute(
            "SELECT trace, folder FROM files WHERE place = ? AND name = ?", (place, name)
        )
        for number, folder in rows:
            if (folder + name).endswith(end):
                yield number


def _below(
    connection: sqlite3.Connection, worktree: str, paths: Collection[str] | None
) -> Iterator[int]:
    """Yield the traces of any place that touched a file in a worktree: one of `paths`, or any."""
    if paths is None:
        ends = (stored(f"{worktree}/"), stored(f"{worktree}0"))  # what follows on all with a slash
        yield from (number for (number,) in connection.execute(_BELOW, ends))
        return
    for path in paths:
        name, folder = _parts(f"{worktree}/{path}")
        yield from (number for (number,) in connection.execute(_AT, (folder, name)))


def _noted(
    connection: sqlite3.Connection, number: int, repository: str | None = None
) -> NotedTrace:
    """Return what is noted of a trace, searched in a repository. None: in that of its session."""
    asked = None if repository is None else stored(repository)
    row = connection.execute(_NOTED, (number, asked)).fetchone()
    files = _files(connection, number)
    return NotedTrace(
        trace=TraceId(text_of(row[0])),
        repository=text_of(row[1]),
        worktree=text_of(row[2]),
        commit=row[3],
        first=row[4],
        searched=row[5] or 0,
        trail_generation=row[6],
        trail_length=row[7],
        folder=text_of(row[8]),
        base=text_of(row[9]),
        paths=frozenset(text_of(folder + name) for _, name, folder in files),
    )


def _files(connection: sqlite3.Connection, number: int) -> list[tuple[int, bytes, bytes]]:
    """Return the place, name and folder of each file of a trace."""
    return connection.execute(
        "SELECT place, name, folder FROM files WHERE trace = ?", (number,)
    ).fetchall()


def _parts(path: str) -> tuple[bytes, bytes]:
    """Return the last part of a path, and all before it."""
    folder, slash, name = path.rpartition("/")
    return stored(name), stored(folder + slash)


def _place(connection: sqlite3.Connection, noted: NotedTrace) -> int:
    pair = (stored(noted.repository), stored(noted.worktree))
    connection.execute("INSERT OR IGNORE INTO places (repository, worktree) VALUES (?, ?)", pair)
    rows = connection.execute(
        "SELECT number FROM places WHERE repository = ? AND worktree = ?", pair
    )
    return int(rows.fetchone()[0])
