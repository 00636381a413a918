"""The file of what is noted of trails: its tables, and whether one that is found can be used."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from opentraces.adapters._sqlite.form import Damaged, DatabaseForm

_APPLICATION = 0x6F747472
"""Stands in the head of the file: `ottr`."""

_VERSION = 2

_TABLES = """
CREATE TABLE trails (bucket_id TEXT NOT NULL, complete INTEGER NOT NULL);
CREATE TABLE places (
    number INTEGER PRIMARY KEY,
    repository BLOB NOT NULL,
    worktree BLOB NOT NULL,
    UNIQUE (repository, worktree)
);
CREATE INDEX places_of_worktree ON places (worktree);
CREATE TABLE traces (
    number INTEGER PRIMARY KEY,
    trace BLOB NOT NULL UNIQUE,
    place INTEGER NOT NULL,
    noted INTEGER NOT NULL,
    first INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    length INTEGER NOT NULL,
    folder BLOB NOT NULL,
    base BLOB NOT NULL
);
CREATE INDEX strays ON traces (trace) WHERE folder != x'';
CREATE INDEX traces_of_place ON traces (place);
CREATE TABLE files (
    place INTEGER NOT NULL,
    name BLOB NOT NULL,
    trace INTEGER NOT NULL,
    folder BLOB NOT NULL,
    PRIMARY KEY (place, name, trace, folder)
) WITHOUT ROWID;
CREATE INDEX files_of_trace ON files (trace);
CREATE INDEX files_of_folder ON files (folder, name);
CREATE TABLE looked (
    trace INTEGER NOT NULL,
    repository BLOB NOT NULL,
    searched INTEGER NOT NULL,
    PRIMARY KEY (trace, repository)
) WITHOUT ROWID;
CREATE TABLE searches (
    repository BLOB PRIMARY KEY,
    until BLOB NOT NULL,
    tips BLOB NOT NULL,
    leading BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE commits (
    number INTEGER PRIMARY KEY,
    repository BLOB NOT NULL,
    name BLOB NOT NULL,
    committed BLOB NOT NULL,
    UNIQUE (repository, name)
);
CREATE TABLE writers (
    number INTEGER PRIMARY KEY,
    patch BLOB NOT NULL,
    trace INTEGER NOT NULL,
    step INTEGER NOT NULL,
    call BLOB NOT NULL,
    UNIQUE (patch, trace, step, call)
);
CREATE INDEX writers_of_trace ON writers (trace);
CREATE TABLE credits (
    made INTEGER NOT NULL,
    path BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    tier TEXT NOT NULL,
    PRIMARY KEY (made, path, first, last, writer, tier)
) WITHOUT ROWID;
CREATE INDEX credits_of_writer ON credits (writer);
"""
"""Texts are blobs, since they may hold what is no Unicode. A file's `folder` ends with `/`; `made`
is the commit of a credit; a `call` that is not known is empty, else `=` stands before it."""

FORM: Final = DatabaseForm(
    name="index of trails",
    application=_APPLICATION,
    version=_VERSION,
    tables=_TABLES,
    remedy="it is made anew when trails are asked next",
)
"""What it must be."""

_SETUP = (
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",
    "BEGIN IMMEDIATE",
)


class Useless(Damaged):
    """No such file of this bucket and release is there; nothing was done with it."""


@contextmanager
def opened(
    path: Path, bucket_id: str, wait_s: float, *, writing: bool = False
) -> Iterator[sqlite3.Connection]:
    """Be in a transaction; it is rolled back when it was not committed.

    Raises:
        Useless: what is there is none of this bucket and this release's form.
        Damaged: it is, but what was asked cannot be read.
        StorageUnavailable: Busy among it.
    """
    try:
        with FORM.translated(), ExitStack() as stack:
            connection = stack.enter_context(closing(FORM.connect(path, wait_s)))
            for statement in _SETUP if writing else ("BEGIN",):
                connection.execute(statement)
            FORM.check(connection, path)
            if connection.execute("SELECT bucket_id FROM trails").fetchone() != (bucket_id,):
                raise Damaged(f"this is the {FORM.name} of another bucket")
            kept = stack.pop_all()
    except Damaged as error:
        raise Useless(str(error)) from error
    with kept, FORM.translated():
        yield connection


def create(path: Path, bucket_id: str) -> None:
    """Put one that holds nothing, and is not complete, in the file's place."""
    FORM.create(path, "INSERT INTO trails VALUES (?, 0)", (bucket_id,))


def stored(text: str) -> bytes:
    """Return a text as it is stored; in the same order."""
    return text.encode("utf-8", "surrogatepass")


def text_of(data: bytes) -> str:
    """Return what was stored."""
    return data.decode("utf-8", "surrogatepass")
