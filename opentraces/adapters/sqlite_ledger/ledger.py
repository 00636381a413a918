"""The usage ledger as one SQLite file, held by one process at a time."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from opentraces.adapters.sqlite_ledger.database import (
    Damaged,
    connect,
    create,
    rebuild_of,
    remove,
    translated,
)
from opentraces.adapters.sqlite_ledger.settling import SqliteSettling
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.media import NO_LOCKS, lockless
from opentraces.ports.ledger import Settling, UsageLedger

_POLL_S = 0.005
_LOOK_S = 5.0
"""How long a look at whose ledger it is waits; to replace it takes milliseconds."""

_LOCK = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_SETUP = (
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",
    "BEGIN IMMEDIATE",
)


class SqliteLedger(UsageLedger):
    """`path`, and beside it two lock files that are never unlinked.

    The first, not SQLite's own locks, keeps processes that settle apart: so a file that is damaged,
    or another release's, can be replaced while nobody goes on in the old one. The second keeps
    those away meanwhile that only look: SQLite would take the new file's journal for the old one's,
    and roll it back. A write-ahead log would serve readers, and there are none but these.

    A settling is durable (`synchronous=FULL`, two barriers), though all of it is derived: a trace's
    dirty marker goes after its claims, and claims that a power cut took back without bringing the
    marker back would never be missed.
    """

    def __init__(self, path: Path, bucket_id: str, wait_s: float) -> None:
        """Keep the ledger of the bucket `bucket_id`; wait `wait_s` for whoever holds it."""
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")
        self._looking = path.with_name(f"{path.name}.looking")
        self._bucket_id = bucket_id
        self._wait_s = wait_s
        self._rebuild: str | None = None

    @contextmanager
    def settling(self) -> Iterator[Settling]:
        """See UsageLedger. A ledger of no use is replaced first, by one that is not complete."""
        with self._held(self._lock), closing(self._begun()) as connection:
            settling = SqliteSettling(connection)
            try:
                yield settling
                self._commit(connection, settling)
            except Damaged:
                with self._held(self._looking):
                    remove(self._path)
                raise

    def is_complete(self) -> bool:
        """See UsageLedger. Once begun anew, it is after the first settling of this object."""
        with self._held(self._looking, shared=True):
            try:
                return self._rebuild_under_way() is None
            except Damaged:
                return False

    def begin_anew(self) -> None:
        """See UsageLedger."""
        with self._held(self._lock):
            self._rebuild = _name()
            self._replace(self._rebuild)

    def _replace(self, rebuild: str) -> None:
        with self._held(self._looking), translated():
            create(self._path, self._bucket_id, rebuild, self._wait_s)

    def _begun(self) -> sqlite3.Connection:
        """Begin a transaction, on a file that can be used."""
        try:
            self._rebuild_under_way()
        except Damaged:
            self._replace(_name())
        with translated():
            connection = connect(self._path, self._wait_s)
            for statement in _SETUP:
                connection.execute(statement)
            return connection

    def _commit(self, connection: sqlite3.Connection, settling: SqliteSettling) -> None:
        with translated():
            settling.forget_released()
            connection.execute(
                "UPDATE ledger SET rebuild = NULL WHERE rebuild = ?", (self._rebuild,)
            )
            connection.execute("COMMIT")

    def _rebuild_under_way(self) -> str | None:
        """Return the rebuilding that is not over. None: complete. Raises Damaged."""
        with translated(), closing(connect(self._path, self._wait_s)) as connection:
            return rebuild_of(connection, self._path, self._bucket_id)

    @contextmanager
    def _held(self, lock: Path, *, shared: bool = False) -> Iterator[None]:
        with translated():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | _LOCK, 0o600)
        try:
            with translated():
                kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
                _take(descriptor, kind, time.monotonic() + self._wait_s, lock)
            yield
        finally:
            os.close(descriptor)


def bucket_of(path: Path) -> str | None:
    """Return the bucket that a ledger is of. None: there is none, or it cannot say.

    Changes nothing; whoever replaces the ledger meanwhile is waited for.
    """
    try:
        with translated(), ExitStack() as held:
            lock = path.with_name(f"{path.name}.looking")
            with suppress(FileNotFoundError):  # then nobody ever replaced it
                descriptor = os.open(lock, os.O_RDONLY | _LOCK)
                held.callback(os.close, descriptor)
                _take(descriptor, fcntl.LOCK_SH, time.monotonic() + _LOOK_S, lock)
            with closing(connect(path, _LOOK_S)) as connection:
                row = connection.execute("SELECT bucket_id FROM ledger").fetchone()
    except StorageUnavailable:
        return None
    return None if row is None else str(row[0])


def _name() -> str:
    """Name a rebuilding: whose settling ends it."""
    return os.urandom(8).hex()


def _take(descriptor: int, kind: int, deadline: float, lock: Path) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise Busy("another process holds the usage ledger") from error
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            raise StorageUnavailable(lockless(str(lock.parent), str(error.strerror))) from error
        time.sleep(_POLL_S)
