"""The sessions of Hermes' database."""

from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters._reading.regular_files import PIECE
from opentraces.adapters.hermes.copying import Identity, identity_of, is_database
from opentraces.adapters.hermes.naming import DATABASE, NOTE, PLAIN, PROMPT, STATE, located
from opentraces.adapters.hermes.stored import Database, OpenCopy, StoredSession
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import BlobHash, SessionId, blob_id, digest
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile, SourceKind

UNREAD = "unread"
"""The stamp of what stands for something that cannot be read, so that it is reported."""


class StateSessions:
    """Sessions of databases, each read from a copy that is made anew when the database changed."""

    def __init__(self, passing: Path, open_copy: OpenCopy) -> None:
        """Copies are made below `passing`."""
        self._passing = passing
        self._open_copy = open_copy
        self._opened: dict[str, tuple[Identity, Database]] = {}

    def holds(self, path: str) -> bool:
        """Whether a file is Hermes' database; one of its name that is damaged is, too."""
        is_named = Path(path).name == DATABASE
        try:
            return (is_named or is_database(path)) and self._database(path) is not None
        except SourceUnreadable:
            return is_named

    def found(self, path: str, only: str | None, scope: Scope) -> Iterator[FoundSession]:
        """Yield the sessions of a database that are meant, or one, by its id.

        A database that cannot be read is a session, too, which cannot be read.
        """
        try:
            database = self._database(path)
            stored = list(database.sessions()) if database else []
        except SourceUnreadable:
            yield _unread(path)
            return
        for each in stored:
            if database and only in (None, each.key) and scope.holds(each.folder):
                yield _session(path, database, each)

    def read(self, path: str, key: str | None, name: str) -> Iterator[bytes]:
        """Yield a file of a session, as it is in the database now.

        Raises SourceGone, SourceUnreadable.
        """
        database = self._database(path)
        if key is None:
            raise SourceUnreadable(f"{path}: it can be read now, and could not before → try again")
        key = key.partition("/")[0]
        if database is None or not database.holds(key):
            raise SourceGone(f"{path}: it holds no session {key}")
        if name.endswith((NOTE, PROMPT)):
            said = (database.note if name.endswith(NOTE) else database.prompt)(key) or b""
            return (said[at : at + PIECE] for at in range(0, len(said), PIECE))
        return _together(database.lines(key))

    def _database(self, path: str) -> Database | None:
        """Return what a database holds now. None: it is not Hermes'.

        Raises SourceGone, SourceUnreadable.
        """
        now = identity_of(path)
        before, known = self._opened.get(path, (None, None))
        if before == now:
            return known
        self._opened.pop(path, None)
        database = self._open_copy(path, self._passing)
        if database is not None:
            self._opened[path] = (now, database)
        return database


def _session(path: str, database: Database, stored: StoredSession) -> FoundSession:
    place, name = located(path, stored.key), f"{STATE}/{stored.key}"
    files = [_transcript(place, name, database, stored.key)]
    said = {NOTE: (SourceKind.NOTE, database.note), PROMPT: (SourceKind.OUTPUT, database.prompt)}
    for ending, (kind, ask) in said.items():
        try:
            data = ask(stored.key)
        except SourceUnreadable:
            data = b""
        if data is not None:
            stamp = blob_id(data) if data else UNREAD
            files.append(SourceFile(name + ending, kind, f"{place}/{ending[1:]}", len(data), stamp))
    return FoundSession(Agent.HERMES, SessionId(stored.key), tuple(files))


def _transcript(place: str, name: str, database: Database, key: str) -> SourceFile:
    hashed, size = BlobHash(), 0
    try:
        for line in database.lines(key):
            hashed.update(line)
            size += len(line)
        stamp = str(hashed.blob_id())
    except SourceUnreadable:
        size, stamp = 0, UNREAD
    return SourceFile(name + PLAIN, SourceKind.TRANSCRIPT, place, size, stamp)


def _unread(path: str) -> FoundSession:
    name = f"unread-{digest(path.encode())}"
    file = SourceFile(f"{STATE}/{name}{PLAIN}", SourceKind.TRANSCRIPT, path, 0, UNREAD)
    return FoundSession(Agent.HERMES, SessionId(name), (file,))


def _together(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines in pieces of the size that is asked for."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            whole = b"".join(held)
            yield from (whole[at : at + PIECE] for at in range(0, len(whole), PIECE))
            held, size = [], 0
    if held:
        yield b"".join(held)
