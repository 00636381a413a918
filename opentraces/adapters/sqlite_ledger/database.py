"""The ledger's file: its tables, and whether one that is found can be used."""

import sqlite3
from pathlib import Path
from typing import Final

from opentraces.adapters._sqlite.form import Damaged, DatabaseForm

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
