"""Sessions of a real database, as Hermes leaves it and while Hermes writes to it."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from opentraces.adapters._reading.regular_files import opened
from opentraces.adapters.hermes import copying, database
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceKind
from tests.contracts.session_source import SessionSourceContract
from tests.hermes_agent import Store, told
from tests.integration.adapters.hermes.fixtures import SESSION, VERSIONS, sessions_in


@pytest.fixture
def passing(tmp_path: Path) -> Iterator[Path]:
    """A folder for copies; none of them is left in it."""
    folder = tmp_path / "passing"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / ".hermes/state.db")
    yield store
    store.close()


class HermesAtWork:
    """Leaves sessions as Hermes does."""

    def __init__(self, store: Store, passing: Path) -> None:
        self._store = store
        self.source = sessions_in(passing, store.path.parent)

    def _lines(self, session: SessionId) -> bytes:
        return b"".join(expected_lines(self._store, session))

    def begin(self, session: SessionId, folder: str) -> bytes:
        self._store.session(session, folder)
        self._store.say(session, "user", "hello")
        return self._lines(session)

    def say(self, session: SessionId, text: str) -> bytes:
        before = self._lines(session)
        self._store.say(session, "assistant", text)
        return self._lines(session)[len(before) :]

    def rewrite(self, session: SessionId) -> bytes:
        self._store.execute("UPDATE messages SET content = 'HELLO' WHERE session_id = ?", session)
        return self._lines(session)

    def remove(self, session: SessionId) -> None:
        self._store.execute("DELETE FROM messages WHERE session_id = ?", session)
        self._store.execute("DELETE FROM sessions WHERE id = ?", session)


def expected_lines(store: Store, session: str) -> Iterator[bytes]:
    """Yield a session's messages as they are to be kept, made by the standard library."""
    cursor = store.connection.execute(
        "SELECT * FROM messages WHERE session_id = ? ORDER BY id", [session]
    )
    names = [column[0] for column in cursor.description]
    for values in cursor:
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        line = json.dumps(
            {"row": row, "table": "messages"},
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        yield line.encode() + b"\n"


class TestSessionsOfTheDatabase(SessionSourceContract):
    @pytest.fixture
    def agent(self, store: Store, passing: Path) -> HermesAtWork:
        return HermesAtWork(store, passing)


def only(store: Store, passing: Path, **scope: object) -> FoundSession:
    (found,) = sessions_in(passing, store.path.parent).discover(Scope(**scope))  # type: ignore[arg-type]
    return found


def read(store: Store, passing: Path, found: FoundSession, place: int = 0) -> bytes:
    return b"".join(sessions_in(passing, store.path.parent).read(found.files[place], 0))


# What is found.


def test_a_session_is_its_messages_a_note_and_its_prompt(store: Store, passing: Path) -> None:
    store.prompt("h1", "You are Hermes.")
    store.session(SESSION, system_prompt_hash="h1", output_tokens=7)
    store.say(SESSION, "user", "hello")
    store.usage(SESSION, "m", output_tokens=7)

    found = only(store, passing)

    kinds = [SourceKind.TRANSCRIPT, SourceKind.NOTE, SourceKind.OUTPUT]
    assert [file.kind for file in found.files] == kinds
    note = json.loads(read(store, passing, found, 1))
    assert note["session"]["id"] == SESSION
    assert note["session"]["output_tokens"] == 7
    assert note["schema_version"] == [{"version": 30}]
    assert [row["model"] for row in note["session_model_usage"]] == ["m"]
    assert read(store, passing, found, 2) == b"You are Hermes."


def test_what_json_has_no_form_for_is_kept(store: Store, passing: Path) -> None:
    store.session(SESSION)
    store.say(SESSION, "user", "a\0b", display_identity=b"\x00\xff")
    store.execute("UPDATE messages SET api_content = CAST(x'ff41' AS TEXT), token_count = 9e999")

    row = json.loads(read(store, passing, only(store, passing)))["row"]

    assert row["content"] == "a\0b"
    assert row["display_identity"] == {"base64": "AP8="}
    assert row["api_content"] == {"text_base64": "/0E="}
    assert row["token_count"] == {"real": "inf"}


def test_the_same_rows_give_the_same_bytes_whatever_columns_are_added(
    store: Store, passing: Path
) -> None:
    told(store)
    before = only(store, passing)
    store.execute("ALTER TABLE messages ADD COLUMN later TEXT")
    store.execute("VACUUM")

    assert only(store, passing) == before


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_read(tmp_path: Path, passing: Path, version: int) -> None:
    store = Store(tmp_path / "home/state.db", version)
    told(store)
    store.close()

    assert read(store, passing, only(store, passing)).count(b"\n") == 4


def test_messages_without_a_session_are_one(store: Store, passing: Path) -> None:
    store.execute("PRAGMA foreign_keys = OFF")
    store.say("lost", "user", "hello")

    found = only(store, passing)

    assert (found.session, len(found.files)) == ("lost", 1)


def test_profiles_have_databases_of_their_own(tmp_path: Path, passing: Path) -> None:
    for folder in (".hermes", ".hermes/profiles/work"):
        store = Store(tmp_path / folder / "state.db")
        store.session(f"of-{Path(folder).name}")
        store.close()

    found = sessions_in(passing, tmp_path / ".hermes").discover(Scope())

    assert sorted(each.session for each in found) == ["of-.hermes", "of-work"]


def test_profiles_that_cannot_be_looked_into_are_reported(
    store: Store, passing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(store)
    home = store.path.parent
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == str(home / "profiles"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    (home / "profiles").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    found = sessions_in(passing, home).discover(Scope())

    assert sorted(each.location for each in found) == [
        f"{home}/profiles",
        f"{home}/state.db#{SESSION}",
    ]


def test_hostile_ids_become_names_of_files(store: Store, passing: Path) -> None:
    hostile = ["../../x", "a/b", "a\nb", "", "x" * 300, "a#b", ".ssh", "\x1b[31m"]
    for session in hostile:
        store.session(session)
        store.say(session, "user", session)

    agent = sessions_in(passing, store.path.parent)
    found = list(agent.discover(Scope()))

    assert len({each.session for each in found}) == len(hostile)
    for each in found:
        for file in each.files:
            assert file.name.isascii()
            assert file.name.isprintable()
            assert ".." not in file.name
            assert file.name.count("/") == 1
            assert b"".join(agent.read(file, 0))
        assert [one.session for one in agent.discover(Scope(places=(each.location,)))] == [
            each.session
        ]


# A database that is written to.

WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA wal_autocheckpoint = 10")
number = 0
while True:
    number += 1
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE messages SET content = ? || substr(content, 9)", [f"{number:08}"])
    connection.execute("UPDATE sessions SET message_count = ?", [number])
    connection.execute("COMMIT")
    if number % 100 == 0:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if number == 100:
        print("begun", flush=True)
"""


def test_while_another_process_writes_every_look_is_of_one_moment(
    store: Store, passing: Path
) -> None:
    store.session("s")
    for _ in range(40):
        store.say("s", "user", "00000000" + "x" * 3000)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.path)], stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"begun\n"
        seen: list[str] = []
        while len(set(seen)) < 25:
            agent = sessions_in(passing, store.path.parent)
            (found,) = agent.discover(Scope())
            lines = b"".join(agent.read(found.files[0], 0)).splitlines()
            moments = {json.loads(line)["row"]["content"][:8] for line in lines}
            assert (len(lines), len(moments)) == (40, 1)
            seen += moments
    finally:
        writer.kill()
        writer.communicate()
    assert seen == sorted(seen)


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_what_happens_between_the_copies_is_of_one_moment_too(
    store: Store, passing: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    for session in ("a", "b"):
        store.session(session)
        store.say(session, "user", "before" * 2000)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.say("a", "user", "in the log")
    copies = []

    @contextmanager
    def meanwhile(path: str) -> Iterator[int]:
        with opened(path) as descriptor:
            yield descriptor
        if path == str(store.path) + ending:
            copies.append(path)
            if len(copies) == 1:
                store.execute("UPDATE messages SET content = ?", "after" * 2000)
                store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                store.say("b", "user", "after")

    monkeypatch.setattr(copying, "opened", meanwhile)
    copy = database.open_copy(str(store.path), passing)

    assert copy is not None
    said = [json.loads(line)["row"]["content"] for key in "ab" for line in copy.lines(key)]
    assert len(copies) == 2
    assert said == ["after" * 2000, "after" * 2000, "after" * 2000, "after"]


def test_what_is_only_in_the_log_is_read(store: Store, passing: Path) -> None:
    store.execute("PRAGMA wal_autocheckpoint = 0")
    told(store)

    assert store.path.stat().st_size < store.path.with_name("state.db-wal").stat().st_size
    assert read(store, passing, only(store, passing)).count(b"\n") == 4


def test_nothing_beside_the_database_is_made_or_changed(tmp_path: Path, passing: Path) -> None:
    store = Store(tmp_path / "home/state.db")
    told(store)
    store.close()
    before = {path: path.stat() for path in (tmp_path / "home").iterdir()}

    read(store, passing, only(store, passing))

    after = {path: path.stat() for path in (tmp_path / "home").iterdir()}
    assert [*after] == [store.path] == [*before]
    assert after[store.path].st_mtime_ns == before[store.path].st_mtime_ns


def test_nobody_else_can_read_the_copy(
    store: Store, passing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(store)
    modes = {}

    def copied(path: str, target: Path) -> None:
        copying.copy_database(path, target)
        for each in (target.parent, *target.parent.iterdir()):
            modes[each.name.partition("-")[0]] = stat.S_IMODE(each.stat().st_mode)

    monkeypatch.setattr(database, "copy_database", copied)
    before = os.umask(0)
    try:
        only(store, passing)
    finally:
        os.umask(before)

    assert modes == {"opentraces": 0o700, "state.db": 0o600}


def test_a_log_that_is_begun_anew_each_time_is_given_up(
    store: Store, passing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(store)
    copies = []

    @contextmanager
    def busy(path: str) -> Iterator[int]:
        with opened(path) as descriptor:
            yield descriptor
        if path == str(store.path):
            copies.append(path)
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            store.say(SESSION, "user", "more")

    monkeypatch.setattr(copying, "opened", busy)

    with pytest.raises(SourceUnreadable, match=r"changes while it is copied → try again"):
        copying.copy_database(str(store.path), passing.parent / "copy.db")
    assert len(copies) == 50


def test_a_write_that_was_interrupted_is_not_read(tmp_path: Path, passing: Path) -> None:
    store = Store(tmp_path / "home/state.db")
    store.execute("PRAGMA journal_mode = DELETE")
    told(store)
    store.close()
    (tmp_path / "home/state.db-journal").write_bytes(b"\xd9\xd5\x05\xf9 half")
    found = only(store, passing)

    with pytest.raises(SourceUnreadable, match="a write to it was interrupted"):
        read(store, passing, found)


# Damage.


def damaged(store: Store, at: int, data: bytes) -> None:
    store.close()
    with store.path.open("r+b") as file:
        file.seek(at)
        file.write(data)


@pytest.mark.parametrize("table", ["sqlite_master", "sessions", "messages"])
def test_a_damaged_database_is_reported_and_named(
    tmp_path: Path, passing: Path, table: str
) -> None:
    store = Store(tmp_path / "home/state.db")
    told(store)
    roots = store.connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall()
    page = {"sqlite_master": 1, **dict(roots)}[table]
    damaged(store, (page - 1) * 4096, b"\xff" * 4096)
    agent = sessions_in(passing, tmp_path / "home")

    (found,) = agent.discover(Scope())

    with pytest.raises(SourceUnreadable, match=r"home/state\.db: .*(malformed|not a database)"):
        b"".join(agent.read(found.files[0], 0))


def test_a_damaged_message_hides_no_other_session(tmp_path: Path, passing: Path) -> None:
    store = Store(tmp_path / "home/state.db")
    for session in ("first", "second", "third"):
        store.session(session)
        store.say(session, "user", session * 4000)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = store.path.read_bytes()
    place = data.index(b"second" * 600) // 4096 * 4096
    damaged(store, place, b"\xff" * 100)
    agent = sessions_in(passing, tmp_path / "home")
    found = {each.session: each for each in agent.discover(Scope())}

    assert sorted(found) == ["first", "second", "third"]
    for session in ("first", "third"):
        assert (
            session * 4000 in b"".join(agent.read(found[SessionId(session)].files[0], 0)).decode()
        )
    with pytest.raises(SourceUnreadable, match=r"state\.db: database disk image is malformed"):
        b"".join(agent.read(found[SessionId("second")].files[0], 0))


def test_an_index_that_lost_rows_hides_none(store: Store, passing: Path) -> None:
    told(store)
    store.execute("PRAGMA writable_schema = ON")
    store.execute(
        "UPDATE sqlite_master SET sql = sql || ' WHERE id < 0' WHERE name LIKE 'idx_messages%'"
    )
    store.execute("PRAGMA writable_schema = RESET")

    assert read(store, passing, only(store, passing)).count(b"\n") == 4


def test_a_database_of_somebody_else_is_none(tmp_path: Path, passing: Path) -> None:
    other = sqlite3.connect(tmp_path / "state.db")
    other.execute("CREATE TABLE sessions (id)")
    other.execute("CREATE VIEW messages AS SELECT 1 AS session_id")
    other.commit()
    other.close()

    with pytest.raises(SourceUnreadable, match="no Hermes session in it"):
        list(sessions_in(passing).discover(Scope(places=(str(tmp_path / "state.db"),))))
    assert list(sessions_in(passing, tmp_path).discover(Scope())) == []


def test_a_link_or_a_folder_is_no_database(tmp_path: Path, passing: Path, store: Store) -> None:
    told(store)
    for name, make in (("linked", Path.symlink_to), ("folder", None)):
        home = tmp_path / name
        home.mkdir()
        if make is not None:
            make(home / "state.db", store.path)
        else:
            (home / "state.db").mkdir()

    linked = list(sessions_in(passing, tmp_path / "linked").discover(Scope()))
    assert [each.files[0].stamp for each in linked] == ["unread"]
    assert list(sessions_in(passing, tmp_path / "folder").discover(Scope())) == []


def test_a_session_that_went_is_gone(store: Store, passing: Path) -> None:
    told(store)
    found = only(store, passing)
    store.path.unlink()

    with pytest.raises(SourceGone):
        read(store, passing, found)
