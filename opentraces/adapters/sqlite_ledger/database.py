"""The ledger's file: its tables, and whether one that is found can be used."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.media import NO_LOCKS, lockless

_APPLICATION = 0x6F746C64
"""Stands in the head of the file: `otld`."""

_VERSION = 1

_TABLES = """
CREATE TABLE ledger (bucket_id TEXT NOT NULL, rebuild TEXT);
CREATE TABLE traces (
    number INTEGER PRIMARY KEY,
    trace TEXT NOT NULL UNIQUE,
    first_moment INTEGER,
    session BLOB
);
CREATE TABLE claims (
    key INTEGER NOT NULL,
    trace INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    PRIMARY KEY (key, trace)
) WITHOUT ROWID;
CREATE INDEX claims_of_trace ON claims (trace);
"""
"""`rebuild` names the rebuilding that is not over yet; NULL: the ledger is complete.
A trace whose `first_moment` is NULL was released."""

_UNUSED = 1 << 40
"""A byte of the file that nobody ever locks, SQLite least of all."""

_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)


class Damaged(StorageUnavailable):
    """The file is not the database it was; it is of no use to anybody."""


@contextmanager
def translated() -> Iterator[None]:
    """Say what SQLite or the machine refused in the words of the port.

    Our statements fail for no reason of their own, so what neither the machine refused nor
    another process holds is damage: a table that is missing, an index that disagrees with it.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _HELD:
            raise Busy("the usage ledger is held by another process") from error
        if code in _REFUSED:
            raise StorageUnavailable(f"usage ledger: {error}") from error
        raise Damaged("the usage ledger is damaged; the next import rebuilds it") from error
    except OSError as error:
        raise StorageUnavailable(str(error)) from error


def connect(path: Path, wait_s: float) -> sqlite3.Connection:
    """Open a file that is there; what a killed process left half done is undone.

    Raises:
        Damaged: no regular file is there.
        StorageUnavailable: SQLite could not lock it, and would take that for another's lock.
    """
    if path.is_symlink() or not path.is_file():
        raise Damaged("there is no usage ledger")
    journal = path.with_name(f"{path.name}-journal")
    if os.path.lexists(journal) and not journal.is_file():
        raise Damaged("the usage ledger's journal is no file")
    _check_locks(path)
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=wait_s, isolation_level=None)


def _check_locks(path: Path) -> None:
    """Look whether the file system has the locks that SQLite uses; they are not those we use."""
    with path.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _UNUSED)
        except OSError as error:
            if error.errno in NO_LOCKS:
                raise StorageUnavailable(lockless(str(path.parent), str(error.strerror))) from error


def create(path: Path, bucket_id: str, rebuild: str, wait_s: float) -> None:
    """Put an empty ledger, which is not complete, in the file's place."""
    remove(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    os.close(os.open(path, flags, 0o600))
    with closing(connect(path, wait_s)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("INSERT INTO ledger VALUES (?, ?)", (bucket_id, rebuild))
        connection.execute("COMMIT")


def remove(path: Path) -> None:
    """Remove the file, and what would be rolled back into the next one of its name."""
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def rebuild_of(connection: sqlite3.Connection, path: Path, bucket_id: str) -> str | None:
    """Return the rebuilding that is not over; None: complete.

    Raises:
        Damaged: it is cut short, or not a ledger of this bucket and this release's form.
    """
    connection.execute("BEGIN")
    marks = [_pragma(connection, name) for name in ("application_id", "user_version")]
    if marks != [_APPLICATION, _VERSION]:
        raise Damaged("this is not a usage ledger")
    # SQLite itself fills up a last page that was cut.
    if path.stat().st_size < _pragma(connection, "page_count") * _pragma(connection, "page_size"):
        raise Damaged("the usage ledger is cut short")
    row = connection.execute("SELECT bucket_id, rebuild FROM ledger").fetchone()
    connection.execute("COMMIT")
    if row is None or row[0] != bucket_id:
        raise Damaged("this is the usage ledger of another bucket")
    return None if row[1] is None else str(row[1])


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
