"""The usage ledger as one SQLite file, held by one process at a time."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from opentraces.adapters._sqlite.form import Damaged, remove
from opentraces.adapters._sqlite.locks import held, looked
from opentraces.adapters.sqlite_ledger.database import FORM, create, rebuild_of
from opentraces.adapters.sqlite_ledger.settling import SqliteSettling
from opentraces.domain.errors import StorageUnavailable
from opentraces.ports.ledger import Settling, UsageLedger

_LOOK_S = 5.0
"""How long a look at whose ledger it is waits; to replace it takes milliseconds."""

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
        with self._held(self._looking), FORM.translated():
            create(self._path, self._bucket_id, rebuild)

    def _begun(self) -> sqlite3.Connection:
        """Begin a transaction, on a file that can be used."""
        try:
            self._rebuild_under_way()
        except Damaged:
            self._replace(_name())
        with FORM.translated():
            connection = FORM.connect(self._path, self._wait_s)
            for statement in _SETUP:
                connection.execute(statement)
            return connection

    def _commit(self, connection: sqlite3.Connection, settling: SqliteSettling) -> None:
        with FORM.translated():
            settling.finish()
            connection.execute(
                "UPDATE ledger SET rebuild = NULL WHERE rebuild = ?", (self._rebuild,)
            )
            connection.execute("COMMIT")

    def _rebuild_under_way(self) -> str | None:
        """Return the rebuilding that is not over. None: complete. Raises Damaged."""
        with FORM.translated(), closing(FORM.connect(self._path, self._wait_s)) as connection:
            return rebuild_of(connection, self._path, self._bucket_id)

    @contextmanager
    def _held(self, lock: Path, *, shared: bool = False) -> Iterator[None]:
        with ExitStack() as stack:
            with FORM.translated():
                stack.enter_context(held(lock, self._wait_s, FORM.name, shared=shared))
            yield


def bucket_of(path: Path) -> str | None:
    """Return the bucket that a ledger is of. None: there is none, or it cannot say.

    Changes nothing; whoever replaces the ledger meanwhile is waited for.
    """
    try:
        with (
            FORM.translated(),
            looked(path.with_name(f"{path.name}.looking"), _LOOK_S, FORM.name),
            closing(FORM.connect(path, _LOOK_S)) as connection,
        ):
            row = connection.execute("SELECT bucket_id FROM ledger").fetchone()
    except StorageUnavailable:
        return None
    return None if row is None else str(row[0])


def _name() -> str:
    """Name a rebuilding: whose settling ends it."""
    return os.urandom(8).hex()
