"""Hermes' database, read from a copy. The only module here that imports SQLite."""

import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from opentraces.adapters._reading.naming import component
from opentraces.adapters.hermes.copying import copy_database
from opentraces.adapters.hermes.exporting import document_of, line_of, plain, stored_text
from opentraces.adapters.hermes.naming import DATABASE
from opentraces.adapters.hermes.stored import StoredSession
from opentraces.domain.errors import SourceUnreadable

LARGEST_ROW = 64 * 1024 * 1024
"""Bytes of a row, or of one value of it, that are held."""

_LONGEST = 100
"""Characters of a session's name: more stand behind it in names of files."""

_TOGETHER = 100
_TABLES = ("sessions", "messages")
_NONE = array("q")
_SETTINGS = ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON")


class StateDatabase:
    """What a database held when it was copied.

    Rows are found by scanning their table, and fetched by their number: never by an index, which
    may be damaged and hide some.
    """

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        with self._translated():
            self._tables = _tables(connection)
            self._sessions = self._numbers("sessions", "id")
            self._messages = self._numbers("messages", "session_id")
            self._usage = self._numbers("session_model_usage", "session_id")

    def sessions(self) -> Iterator[StoredSession]:
        """Yield every session; one of which only messages are left has no row of its own."""
        for key in sorted(self._sessions.keys() | self._messages.keys()):
            rows = list(self._fetched("sessions", self._sessions.get(key, _NONE)))
            folder = rows[0].get("cwd") if rows else None
            yield StoredSession(key, folder if type(folder) is str and folder else None)

    def holds(self, key: str) -> bool:
        """Whether there is such a session."""
        return key in self._sessions or key in self._messages

    def lines(self, key: str) -> Iterator[bytes]:
        """Yield a session's messages as lines, in order of their numbers.

        Raises SourceUnreadable.
        """
        for row in self._fetched("messages", self._messages.get(key, _NONE)):
            yield line_of("messages", row)

    def note(self, key: str) -> bytes | None:
        """Return what is said of a session as a whole. None: it has no row."""
        rows = list(self._fetched("sessions", self._sessions.get(key, _NONE)))
        if not rows:
            return None
        usage = self._fetched("session_model_usage", self._usage.get(key, _NONE))
        return document_of(
            {
                "schema_version": [plain(each) for each in self._all("schema_version")],
                "session": plain(rows[0]),
                "session_model_usage": [plain(each) for each in usage],
            }
        )

    def prompt(self, key: str) -> bytes | None:
        """Return the system prompt that a session's row refers to. None: it refers to none."""
        rows = list(self._fetched("sessions", self._sessions.get(key, _NONE)))
        name = rows[0].get("system_prompt_hash") if rows else None
        if type(name) is not str or "system_prompts" not in self._tables:
            return None
        with self._translated():
            found = list(self._select("SELECT * FROM system_prompts WHERE hash = ?", [name]))
        prompt = found[0].get("prompt") if found else None
        return prompt.encode() if type(prompt) is str else None

    def _numbers(self, table: str, column: str) -> dict[str, "array[int]"]:
        """Return the numbers of a table's rows by session; of no table, none."""
        numbers: dict[str, array[int]] = {}
        if table in self._tables:
            question = f"SELECT rowid, {column} FROM {table} NOT INDEXED ORDER BY rowid"  # noqa: S608
            for number, session in self._connection.execute(question):
                numbers.setdefault(_key(session), array("q")).append(number)
        return numbers

    def _fetched(self, table: str, numbers: "array[int]") -> Iterator[dict[str, Any]]:
        for at in range(0, len(numbers), _TOGETHER):
            some = numbers[at : at + _TOGETHER].tolist()
            marks = ",".join("?" * len(some))
            question = f"SELECT * FROM {table} WHERE rowid IN ({marks}) ORDER BY rowid"  # noqa: S608
            with self._translated():
                yield from self._select(question, some)

    def _all(self, table: str) -> list[dict[str, Any]]:
        if table not in self._tables:
            return []
        with self._translated():
            return list(self._select(f"SELECT * FROM {table}"))  # noqa: S608

    def _select(self, question: str, values: list[Any] | None = None) -> Iterator[dict[str, Any]]:
        cursor = self._connection.execute(question, values or [])
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OverflowError) as error:
            raise SourceUnreadable(f"{self._path}: {error}") from error


def open_copy(path: str, passing: Path) -> StateDatabase | None:
    """Copy a database into a private folder below `passing`, and open the copy.

    The folder is gone when this returns: what is open stays readable, and nothing is left behind.
    None: it is a database, and not Hermes'. Raises SourceGone, SourceUnreadable.
    """
    try:
        with TemporaryDirectory(prefix="opentraces-", dir=passing) as folder:
            copy = Path(folder) / DATABASE
            copy_database(path, copy)
            connection = _opened(path, copy)
    except OSError as error:
        raise SourceUnreadable(f"{path}: no copy of it can be made: {error}") from error
    return None if connection is None else StateDatabase(path, connection)


def _opened(path: str, copy: Path) -> sqlite3.Connection | None:
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(copy))}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.text_factory = stored_text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_ROW)
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        tables = _tables(connection)
    except sqlite3.Error as error:
        raise SourceUnreadable(f"{path}: {error}") from error
    return connection if all(table in tables for table in _TABLES) else None


def _tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of plain tables: neither views nor what a module of SQLite's makes up."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    )
    return frozenset(str(name) for (name,) in found)


def _key(session: Any) -> str:
    return component(session if type(session) is str else repr(session), _LONGEST)
