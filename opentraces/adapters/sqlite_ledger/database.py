"""The ledger's file: its tables, and whether one that is found can be used."""

import sqlite3
from pathlib import Path
from typing import Final

from opentraces.adapters._sqlite.form import Damaged, DatabaseForm
from opentraces.domain.ids import StepKey

_APPLICATION = 0x6F746C64
"""Stands in the head of the file: `otld`."""

_VERSION = 2

_HALF = 1 << 63

_TABLES = """
CREATE TABLE ledger (bucket_id TEXT NOT NULL, rebuild TEXT);
CREATE TABLE traces (
    number INTEGER PRIMARY KEY,
    trace TEXT NOT NULL UNIQUE,
    first_moment INTEGER,
    session BLOB,
    agent TEXT,
    project BLOB,
    folder BLOB,
    title BLOB,
    ended INTEGER
);
CREATE TABLE claims (
    key INTEGER NOT NULL,
    trace INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    PRIMARY KEY (key, trace)
) WITHOUT ROWID;
CREATE INDEX claims_of_trace ON claims (trace);
CREATE TABLE models (number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);
CREATE TABLE spent (
    trace INTEGER NOT NULL,
    key INTEGER NOT NULL,
    step INTEGER NOT NULL,
    moment INTEGER,
    model INTEGER,
    fast INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    cost REAL,
    message INTEGER,
    aside INTEGER NOT NULL,
    copied INTEGER NOT NULL,
    PRIMARY KEY (trace, key)
) WITHOUT ROWID;
CREATE TABLE beside (
    trace INTEGER NOT NULL,
    kind BLOB NOT NULL,
    calls INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    cost REAL,
    PRIMARY KEY (trace, kind)
) WITHOUT ROWID;
"""
"""`rebuild` names the rebuilding that is not over yet; NULL: the ledger is complete.
A trace whose `first_moment` is NULL was released. `spent` has what responses used; `copied`: a more
senior trace holds the step. `beside` has what was used beside steps."""

FORM: Final = DatabaseForm(
    name="usage ledger",
    application=_APPLICATION,
    version=_VERSION,
    tables=_TABLES,
    remedy="the next import rebuilds it",
)
"""What a ledger must be."""


def create(path: Path, bucket_id: str, rebuild: str) -> None:
    """Put an empty ledger, which is not complete, in the file's place."""
    FORM.create(path, "INSERT INTO ledger VALUES (?, ?)", (bucket_id, rebuild))


def rebuild_of(connection: sqlite3.Connection, path: Path, bucket_id: str) -> str | None:
    """Return the rebuilding that is not over; None: complete.

    Raises:
        Damaged: it is cut short, or not a ledger of this bucket and this release's form.
    """
    connection.execute("BEGIN")
    FORM.check(connection, path)
    row = connection.execute("SELECT bucket_id, rebuild FROM ledger").fetchone()
    connection.execute("COMMIT")
    if row is None or row[0] != bucket_id:
        raise Damaged("this is the usage ledger of another bucket")
    return None if row[1] is None else str(row[1])


def stored_key(key: StepKey) -> int:
    """Return a key as a signed integer of 8 bytes, in the same order: half the time of a text."""
    return int(key, 16) - _HALF


def key_of(stored: int) -> StepKey:
    """Return what was stored."""
    return StepKey(f"{stored + _HALF:016x}")


def stored_text(text: str | None) -> bytes | None:
    """Return a text as it is stored: it may hold what is no Unicode."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def text_of(stored: bytes | None) -> str | None:
    """Return what was stored."""
    return None if stored is None else stored.decode("utf-8", "surrogatepass")
