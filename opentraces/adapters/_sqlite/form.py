"""What a database of ours must be: its tables, and whether one that is found can be used."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.media import NO_LOCKS, lockless
from opentraces.domain.slotted import frozen_dataclass

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


@frozen_dataclass
class DatabaseForm:
    """What a database of ours must be."""

    name: str
    """What it is called in messages: `usage ledger`."""

    application: int
    """Stands in the head of the file."""

    version: int
    """Stands there, too: another release's form is of no use."""

    tables: str
    """The statements that make them."""

    remedy: str
    """What becomes of a damaged one: `the next import rebuilds it`."""

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Say what SQLite or the machine refused in the words of a port.

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
                raise Busy(f"the {self.name} is held by another process") from error
            if code in _REFUSED:
                raise StorageUnavailable(f"{self.name}: {error}") from error
            raise Damaged(f"the {self.name} is damaged; {self.remedy}") from error
        except OSError as error:
            raise StorageUnavailable(str(error)) from error

    def connect(self, path: Path, wait_s: float) -> sqlite3.Connection:
        """Open a file that is there; what a killed process left half done is undone.

        Raises:
            Damaged: no regular file is there.
            StorageUnavailable: SQLite could not lock it, and would take that for another's lock.
        """
        if path.is_symlink() or not path.is_file():
            raise Damaged(f"there is no {self.name}")
        journal = path.with_name(f"{path.name}-journal")
        if os.path.lexists(journal) and not journal.is_file():
            raise Damaged(f"the {self.name}'s journal is no file")
        _check_locks(path)
        uri = f"{path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=wait_s, isolation_level=None)

    def create(self, path: Path, insert: str, row: Sequence[object]) -> None:
        """Put a new one in the file's place, with one row in it; nobody else may be at it."""
        remove(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        os.close(os.open(path, flags, 0o600))
        with closing(self.connect(path, 0.0)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in self.tables.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {self.application}")
            connection.execute(f"PRAGMA user_version = {self.version}")
            connection.execute(insert, row)
            connection.execute("COMMIT")

    def check(self, connection: sqlite3.Connection, path: Path) -> None:
        """Look whether it is whole and of this form; within a transaction.

        Raises:
            Damaged: it is not.
        """
        marks = [_pragma(connection, name) for name in ("application_id", "user_version")]
        if marks != [self.application, self.version]:
            raise Damaged(f"this is not a {self.name}")
        # SQLite itself fills up a last page that was cut.
        pages = _pragma(connection, "page_count") * _pragma(connection, "page_size")
        if path.stat().st_size < pages:
            raise Damaged(f"the {self.name} is cut short")


def remove(path: Path) -> None:
    """Remove the file, and what would be rolled back into the next one of its name."""
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _check_locks(path: Path) -> None:
    """Look whether the file system has the locks that SQLite uses; they are not those we use."""
    with path.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _UNUSED)
        except OSError as error:
            if error.errno in NO_LOCKS:
                raise StorageUnavailable(lockless(str(path.parent), str(error.strerror))) from error


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
