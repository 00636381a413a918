"""What is noted of trails as one SQLite file, which several processes may be at."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from opentraces.adapters._sqlite.form import Damaged, remove
from opentraces.adapters._sqlite.locks import held, looked
from opentraces.adapters.sqlite_trail_index import found as finding
from opentraces.adapters.sqlite_trail_index import traces as noting
from opentraces.adapters.sqlite_trail_index.database import FORM, Useless, create, opened
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, NotedTrail, Searched
from opentraces.ports.trail_index import TrailIndex
from opentraces.ports.trail_noting import TrailNoting

_ATTEMPTS = 3
"""So often a file that others keep replacing is tried."""

_HOLDING = ("credits", "writers", "commits", "searches", "files", "looked", "traces", "places")

_T = TypeVar("_T")


class SqliteTrailIndex(TrailIndex, TrailNoting):
    """`path`, and beside it a lock file that is never unlinked.

    Whoever is at the file shares that lock, and SQLite's own keep readers and writers apart. Who
    replaces a file of no use holds it alone: SQLite would take the new file's journal for the old
    one's, and roll it back.

    What is noted is durable, though all of it is derived: a trace's dirty marker goes after it,
    and what a power cut took back without bringing the marker back would never be missed.
    """

    def __init__(self, path: Path, bucket_id: str, wait_s: float) -> None:
        """Note trails of the bucket `bucket_id`; wait `wait_s` for whoever holds the file."""
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")
        self._bucket_id = bucket_id
        self._wait_s = wait_s

    def is_complete(self) -> bool:
        """See TrailNoting."""
        return self._read(_is_complete, nothing=False)

    def renew(self, trails: Iterable[NotedTrail]) -> None:
        """See TrailNoting."""
        self._write(partial(_renew, trails=trails))

    def known(self, traces: Collection[TraceId]) -> Mapping[TraceId, NotedTrace]:
        """See TrailNoting."""
        return self._read(partial(noting.known, traces=traces), nothing={})

    def note(self, trails: Collection[NotedTrail], gone: Collection[TraceId] = ()) -> None:
        """See TrailNoting."""
        self._write(partial(_note, trails=trails, gone=gone))

    def noted(
        self, repository: str, worktrees: Collection[str], paths: Collection[str] | None
    ) -> Sequence[NotedTrace]:
        """See TrailIndex."""
        ask = partial(noting.noted, repository=repository, worktrees=worktrees, paths=paths)
        return self._read(ask, nothing=[])

    def strays(self, repository: str) -> Sequence[NotedTrace]:
        """See TrailIndex."""
        return self._read(partial(noting.strays, repository=repository), nothing=[])

    def searched(self, repository: str) -> Searched:
        """See TrailIndex."""
        return self._read(partial(finding.searched, repository=repository), nothing=Searched())

    def settle(
        self,
        repository: str,
        searched: Searched,
        traces: Collection[tuple[TraceId, int]],
        found: Collection[NotedCredit],
    ) -> None:
        """See TrailIndex."""

        def do(connection: sqlite3.Connection) -> None:
            finding.note_search(connection, repository, searched, traces)
            finding.note_found(connection, repository, found)

        self._write(do)

    def credits(
        self, repository: str, commits: Collection[CommitId] | None, trace: TraceId | None
    ) -> Iterator[NotedCredit]:
        """See TrailIndex."""
        ask = partial(finding.credits_of, repository=repository, commits=commits, trace=trace)
        return finding.as_credits(self._read(ask, nothing=[]))

    def _read(self, ask: Callable[[sqlite3.Connection], _T], nothing: _T) -> _T:
        """Ask of one state of it; `nothing`: the answer of one that holds nothing."""
        try:
            with (
                FORM.translated(),
                looked(self._lock, self._wait_s, FORM.name),
                opened(self._path, self._bucket_id, self._wait_s) as connection,
            ):
                return ask(connection)
        except Useless:
            return nothing
        except Damaged:
            self._discard()
            raise

    def _write(self, do: Callable[[sqlite3.Connection], None]) -> None:
        """Do it in one transaction; one of no use is made anew before, and holds nothing."""
        for _ in range(_ATTEMPTS):
            try:
                with (
                    FORM.translated(),
                    held(self._lock, self._wait_s, FORM.name, shared=True),
                    opened(self._path, self._bucket_id, self._wait_s, writing=True) as connection,
                ):
                    do(connection)
                    connection.execute("COMMIT")
                    return
            except Useless:
                self._replace()
            except Damaged:
                self._discard()
                raise
        raise StorageUnavailable(f"the {FORM.name} is lost again and again")

    def _replace(self) -> None:
        """Have one that can be used, unless another process was faster."""
        with FORM.translated(), held(self._lock, self._wait_s, FORM.name):
            try:
                with opened(self._path, self._bucket_id, self._wait_s):
                    return
            except Useless:
                create(self._path, self._bucket_id)

    def _discard(self) -> None:
        with FORM.translated(), held(self._lock, self._wait_s, FORM.name):
            remove(self._path)


def _is_complete(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT complete FROM trails").fetchone()[0])


def _renew(connection: sqlite3.Connection, trails: Iterable[NotedTrail]) -> None:
    for table in _HOLDING:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    for trail in trails:
        _note_one(connection, trail)
    connection.execute("UPDATE trails SET complete = 1")


def _note(
    connection: sqlite3.Connection, trails: Iterable[NotedTrail], gone: Iterable[TraceId]
) -> None:
    for trail in trails:
        _note_one(connection, trail)
    for trace in gone:
        number = noting.number_of(connection, trace)
        if number is not None:
            finding.forget(connection, number)
            noting.forget(connection, number)


def _note_one(connection: sqlite3.Connection, trail: NotedTrail) -> None:
    noting.note(connection, trail.trace)
    for repository, credits_there in trail.credits.items():
        finding.note_found(connection, repository, credits_there)
