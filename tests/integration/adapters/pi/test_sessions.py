"""Finding Pi's files on a real disk."""

import os
import shutil
from pathlib import Path

import orjson
import pytest

from opentraces.adapters.pi.sessions import PiSessions
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile, SourceKind
from opentraces.ports.sessions import SessionSource
from tests.contracts.session_source import SessionSourceContract
from tests.integration.adapters.pi.fixtures import DATA, FILES

API = "/home/dev/api"
S1 = "01a206d9-9346-76db-a134-c5161f404724"
S2 = "01a206d9-9f4d-70b0-bc74-6a3345d921e8"
PROJECT = "sessions/--home-dev-api--"


def name_of(session: str) -> str:
    return f"2026-11-23T05-20-52-039Z_{session}.jsonl"


def header(session: str, cwd: str = API) -> bytes:
    stamp = "2026-11-23T05:20:52.039Z"
    values = {"type": "session", "version": 3, "id": session, "timestamp": stamp, "cwd": cwd}
    return orjson.dumps({**values, "harness": "x" * 9}) + b"\n"


def said(text: str) -> bytes:
    message = {"role": "user", "content": text}
    return orjson.dumps({"type": "message", "id": text[:8], "message": message}) + b"\n"


class Machine:
    """Somebody's `~/.pi/agent`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.source = PiSessions((home / "sessions",))

    def write(self, path: str, data: bytes) -> Path:
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def session(self, session: str, cwd: str = API) -> Path:
        return self.write(f"{PROJECT}/{name_of(session)}", header(session, cwd))

    def found(self, **scope: object) -> list[FoundSession]:
        return list(self.source.discover(Scope(**scope)))  # type: ignore[arg-type]

    def ids(self, **scope: object) -> list[str]:
        return sorted(session.session for session in self.found(**scope))

    def the_file(self) -> SourceFile:
        ((file,),) = (session.files for session in self.found())
        return file

    def read(self, file: SourceFile) -> bytes:
        return b"".join(self.source.read(file, 0))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "agent")


class PiAtWork:
    """Leaves sessions as the client does."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.source: SessionSource = machine.source
        self._files: dict[SessionId, Path] = {}

    def begin(self, session: SessionId, folder: str) -> bytes:
        self._files[session] = self._machine.session(session, folder)
        return self._files[session].read_bytes()

    def say(self, session: SessionId, text: str) -> bytes:
        with self._files[session].open("ab") as file:
            file.write(said(text))
        return said(text)

    def rewrite(self, session: SessionId) -> bytes:
        other = self._files[session].read_bytes().replace(b"xxxxx", b"XXXXX")
        self._files[session].write_bytes(other)
        return other

    def remove(self, session: SessionId) -> None:
        self._files[session].unlink()


class TestPiSessions(SessionSourceContract):
    @pytest.fixture
    def agent(self, machine: Machine) -> PiAtWork:
        return PiAtWork(machine)


@pytest.mark.parametrize("folder", sorted(FILES))
def test_a_session_is_named_by_its_first_line(folder: str) -> None:
    found = list(PiSessions(()).discover(Scope(places=(str(DATA / folder),))))

    assert len(found) == len(FILES[folder])
    for each in found:
        first = orjson.loads(Path(each.location).read_bytes().split(b"\n")[0])
        assert first["id"] == each.session
        assert each.files[0].kind is SourceKind.TRANSCRIPT


def test_where_a_session_began_is_in_its_first_line_not_in_the_folder_s_name(
    machine: Machine,
) -> None:
    machine.session(S1, "/home/dev-api")

    assert machine.ids(folders=("/home/dev-api",)) == [S1]
    assert machine.ids(folders=(API,)) == []


def test_a_folder_of_sessions_may_have_no_folders_in_it(machine: Machine) -> None:
    machine.write(f"sessions/{name_of(S1)}", header(S1))

    assert machine.ids() == machine.ids(project="api") == [S1]
    assert machine.the_file().name == f"sessions/{name_of(S1)}"


def test_what_sub_agents_leave_below_a_project_are_sessions_of_their_own(machine: Machine) -> None:
    machine.session(S1)
    machine.write(f"{PROJECT}/{S1}/run-0/session.jsonl", header(S2))

    assert machine.ids() == [S1, S2]
    names = {each.session: each.files[0].name for each in machine.found()}
    assert names[SessionId(S2)] == f"{PROJECT}/{S1}/run-0/session.jsonl"


def test_what_json_mode_printed_is_no_session(machine: Machine) -> None:
    machine.session(S1)
    stream = header(S1) + b'{"type":"agent_start"}\n' + said("x") * 100
    out = machine.write(f"{PROJECT}/artifacts/out.jsonl", stream)

    assert machine.the_file().location.endswith(name_of(S1))
    with pytest.raises(SourceUnreadable, match="→ name the file of its session"):
        machine.found(places=(str(out),))


def test_of_copies_the_longest_is_the_session(machine: Machine) -> None:
    machine.session(S1)
    longer = machine.write("sessions/--copy--/backup.jsonl", header(S1) + said("more"))
    machine.write("sessions/--zopy--/backup.jsonl", header(S1) + said("more"))

    assert machine.the_file().location == str(longer)


@pytest.mark.parametrize("session", ["my-work_1.2", "x" * 64])
def test_ids_that_a_user_chose_are_taken(machine: Machine, session: str) -> None:
    machine.session(session)

    assert machine.ids() == [session]


@pytest.mark.parametrize("session", ["../../x", "a b", ".x", "x..y", "a/b", "x" * 65, "a\nb", "ä"])
def test_ids_that_cannot_name_files_are_not(machine: Machine, session: str) -> None:
    machine.write(f"{PROJECT}/odd.jsonl", header(session))

    (taken,) = machine.ids()
    assert taken.startswith("odd.jsonl")
    assert taken.isascii()


def test_names_stay_below_any_folder(machine: Machine) -> None:
    hostile = ["..", "a b", "a\nb", "a\x1b[31mb", "ä", "x" * 200, "a;rm -rf", "-rf", ".hidden"]
    for number, name in enumerate(hostile):
        machine.write(f"sessions/--{name}--/{name}.jsonl", header(f"s{number}"))

    names = [file.name for session in machine.found() for file in session.files]

    assert len(names) == len(set(names)) == len(hostile)
    for name in names:
        assert name.startswith("sessions/")
        assert name.isascii()
        assert name.isprintable()
        assert ";" not in name
        for part in name.split("/"):
            assert not part.startswith(".")
            assert len(part) < 160


def test_only_regular_files_are_sessions(machine: Machine, tmp_path: Path) -> None:
    machine.session(S1)
    project = machine.home / PROJECT
    other = tmp_path / "other.jsonl"
    other.write_bytes(header(S2))
    (project / name_of(S2)).symlink_to(other)
    os.mkfifo(project / name_of("pipe"))
    os.mkfifo(project / "pipe.jsonl")
    (project / name_of("folder")).mkdir()
    machine.write(f"{PROJECT}/rows.jsonl", b'{"type":"row"}\n')
    machine.write(f"{PROJECT}/{name_of('later')}.tmp", header(S2))

    assert machine.ids() == [S1]


def test_a_session_with_a_bad_first_line_is_found_by_its_name(machine: Machine) -> None:
    machine.write(f"{PROJECT}/{name_of(S1)}", b"{half a line\n" + said("hello"))

    assert machine.ids() == [S1]
    assert machine.ids(folders=(API,)) == []


def test_a_path_that_is_no_utf8_is_left_out(machine: Machine) -> None:
    machine.session(S1)
    odd = os.fsencode(machine.home / PROJECT) + b"/2026-11-23T05-20-52-039Z_\xff.jsonl"
    with open(odd, "wb") as file:  # noqa: PTH123
        file.write(header(S2))

    assert machine.ids() == [S1]


@pytest.mark.parametrize("inside", ["sessions", PROJECT])
def test_a_folder_that_cannot_be_read_is_reported(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    machine.session(S1)
    closed = str(machine.home / inside)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    unread = [session for session in machine.found(folders=(API,)) if session.location == closed]

    assert len(unread) == 1
    with pytest.raises(SourceUnreadable, match=closed):
        machine.read(unread[0].files[0])


def test_a_session_has_the_same_name_wherever_it_is_named_from(machine: Machine) -> None:
    path = machine.session(S1)

    assert (
        machine.found()
        == machine.found(places=(str(path),))
        == machine.found(places=(str(machine.home),))
    )


def test_a_copied_project_keeps_its_folder_s_name(machine: Machine, tmp_path: Path) -> None:
    path = machine.session(S1)
    shutil.copytree(path.parent, tmp_path / "disk" / path.parent.name)
    (found,) = machine.found(places=(str(tmp_path / "disk"),))

    assert found.files[0].name == f"{PROJECT}/{name_of(S1)}"


def test_links_that_the_user_made_are_followed_to_their_end(
    machine: Machine, tmp_path: Path
) -> None:
    path = machine.session(S1)
    (tmp_path / "file.jsonl").symlink_to(path)
    (tmp_path / "home").mkdir()
    (tmp_path / "home/sessions").symlink_to(machine.home / "sessions")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    for name in ("file.jsonl", "home", "home/sessions"):
        assert machine.ids(places=(str(tmp_path / name),)) == [S1]
    with pytest.raises(SourceUnreadable, match="not there"):
        machine.found(places=(str(tmp_path / "loop"),))


def test_files_of_other_people_are_no_sessions(machine: Machine) -> None:
    rows = machine.write("rows.jsonl", b'{"type":"session"}\n{"type":"session","id":7}\n')

    for place in (rows, rows.parent):
        with pytest.raises(SourceUnreadable, match="no Pi session in it"):
            machine.found(places=(str(place),))
