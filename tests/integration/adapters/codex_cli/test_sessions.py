"""Finding Codex's files on a real disk."""

import os
import shutil
from pathlib import Path

import pytest
import zstandard

from opentraces.adapters.codex_cli import inflated
from opentraces.adapters.codex_cli.inflated import inflated_pieces
from opentraces.adapters.codex_cli.sessions import CodexCliSessions
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile, SourceKind
from tests.contracts.session_source import MIB, SessionSourceContract
from tests.integration.adapters.codex_cli.fixtures import DATA, ROLLOUTS

API = "/home/dev/api"
S1 = "01a206c1-7c5e-7b13-bf9d-4bc85da526ae"
S2 = "01a206c2-84a1-78a1-ab34-5656d8447eaa"
DAY = "sessions/2026/11/23"


def rollout(session: str) -> str:
    return f"rollout-2026-11-23T04-54-33-{session}.jsonl"


def meta(session: str, cwd: str = API) -> bytes:
    return (
        f'{{"timestamp":"2026-11-23T04:54:33.398Z","ordinal":0,"type":"session_meta","payload":'
        f'{{"session_id":"{session}","id":"{session}","timestamp":"2026-11-23T04:54:33.398Z",'
        f'"cwd":"{cwd}","cli_version":"0.169.0",'
        f'"base_instructions":{{"text":"{"x" * 20_000}"}}}}}}\n'
    ).encode()


def said(text: str) -> bytes:
    return (
        f'{{"timestamp":"2026-11-23T04:54:34.000Z","type":"response_item","payload":{{'
        f'"type":"message","role":"user","content":[{{"type":"input_text","text":"{text}"}}]}}}}\n'
    ).encode()


def zst(data: bytes) -> bytes:
    """Compress as a stream: the frame does not say how long it is."""
    frame = zstandard.ZstdCompressor().compressobj()
    return frame.compress(data) + frame.flush()


class Machine:
    """Somebody's `~/.codex`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.source = CodexCliSessions((home,), inflated_pieces)

    def write(self, path: str, data: bytes) -> Path:
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def session(self, session: str, cwd: str = API) -> Path:
        return self.write(f"{DAY}/{rollout(session)}", meta(session, cwd))

    def found(self, **scope: object) -> list[FoundSession]:
        return list(self.source.discover(Scope(**scope)))  # type: ignore[arg-type]

    def ids(self, **scope: object) -> list[str]:
        return sorted(session.session for session in self.found(**scope))

    def the_file(self) -> SourceFile:
        ((file,),) = (session.files for session in self.found())
        return file

    def read(self, file: SourceFile, offset: int = 0) -> bytes:
        return b"".join(self.source.read(file, offset))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / ".codex")


class CodexAtWork:
    """Leaves sessions as the client does."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.source = machine.source
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


class TestCodexCliSessions(SessionSourceContract):
    @pytest.fixture
    def agent(self, machine: Machine) -> CodexAtWork:
        return CodexAtWork(machine)


@pytest.mark.parametrize("folder", sorted(ROLLOUTS))
def test_a_session_is_named_by_its_thread(folder: str) -> None:
    for found in CodexCliSessions((), inflated_pieces).discover(
        Scope(places=(str(DATA / folder),))
    ):
        first = Path(found.location).read_bytes().split(b"\n")[0]
        assert f'"id":"{found.session}"'.encode() in first
        assert found.files[0].kind is SourceKind.TRANSCRIPT


# One thread, in several places and forms.


def test_an_archived_session_keeps_its_name(machine: Machine) -> None:
    path = machine.session(S1)
    before = machine.the_file()
    (machine.home / "archived_sessions").mkdir()
    path.rename(machine.home / "archived_sessions" / path.name)
    after = machine.the_file()

    assert before.name == after.name == f"{DAY}/{rollout(S1)}"
    assert after.location == f"{machine.home}/archived_sessions/{rollout(S1)}"


def test_a_compressed_session_is_its_lines_under_the_same_name(machine: Machine) -> None:
    data = meta(S1) + said("one") + said("two")
    path = machine.session(S1)
    before = machine.the_file()
    path.unlink()
    machine.write(f"{DAY}/{rollout(S1)}.zst", zst(data[:100]) + zst(data[100:]))
    after = machine.the_file()

    assert after.name == before.name
    assert after.stamp != before.stamp
    for offset in (0, 1, 99, 100, 101, len(data) - 1, len(data), len(data) + 10):
        assert machine.read(after, offset) == data[offset:]
    assert machine.ids(folders=(API,)) == machine.ids(project="api") == [S1]


@pytest.mark.parametrize(
    ("copies", "chosen"),
    [
        ({"plain": 2, "deflated": 2}, "plain"),
        ({"plain": 1, "deflated": 2}, "deflated"),
        ({"plain": 2, "deflated": 1}, "plain"),
        ({"plain": 2, "archived": 2}, "plain"),
        ({"plain": 1, "archived": 2}, "archived"),
        ({"deflated": 2, "archived": 2}, "deflated"),
        ({"plain": 1, "deflated": 1, "archived": 1}, "plain"),
    ],
)
def test_of_copies_the_longest_is_the_session(
    machine: Machine, copies: dict[str, int], chosen: str
) -> None:
    name = rollout(S1)
    places = {
        "plain": f"{DAY}/{name}",
        "deflated": f"{DAY}/{name}.zst",
        "archived": f"archived_sessions/{name}",
    }
    for kind, lines in copies.items():
        data = meta(S1) + said("more") * lines
        machine.write(places[kind], zst(data) if kind == "deflated" else data)

    file = machine.the_file()

    assert file.location == str(machine.home / places[chosen])
    assert machine.read(file) == meta(S1) + said("more") * max(copies.values())


def test_a_damaged_compressed_copy_is_not_chosen(machine: Machine) -> None:
    machine.session(S1)
    machine.write(f"{DAY}/{rollout(S1)}.zst", zst(meta(S1) * 20)[:-9] + b"damaged!!")

    assert machine.the_file().location.endswith(".jsonl")


# What nobody vouches for.


def test_a_compressed_session_that_was_cut_short_gives_what_is_there(machine: Machine) -> None:
    data = b"".join(said(os.urandom(50_000).hex()) for _ in range(20))
    machine.write(f"{DAY}/{rollout(S1)}.zst", zst(data)[: -len(data) // 4])

    held = machine.read(machine.the_file())

    assert 0 < len(held) < len(data)
    assert data.startswith(held)


@pytest.mark.parametrize("data", [b"", b"not zstd at all", zst(meta(S1))[:4] + b"\xff" * 50])
def test_a_compressed_session_that_is_none_is_reported_or_empty(
    machine: Machine, data: bytes
) -> None:
    machine.write(f"{DAY}/{rollout(S1)}.zst", data)
    file = machine.the_file()

    if data:
        with pytest.raises(SourceUnreadable, match=r"rollout.*zst"):
            machine.read(file)
    else:
        assert machine.read(file) == b""


def test_a_bomb_is_refused_and_never_held(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inflated, "LARGEST", 5 * MIB)
    machine.write(f"{DAY}/{rollout(S1)}.zst", zst(bytes(50 * MIB)))
    file = machine.the_file()
    pieces = []

    with pytest.raises(SourceUnreadable, match="inflates to more than"):
        pieces += [len(piece) for piece in machine.source.read(file, 0)]
    assert all(size <= MIB for size in pieces)
    assert file.size < MIB


def test_a_frame_that_looks_far_back_is_refused(machine: Machine) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    machine.write(f"{DAY}/{rollout(S1)}.zst", frame.compress(bytes(MIB)) + frame.flush())

    with pytest.raises(SourceUnreadable, match="zst"):
        machine.read(machine.the_file())


def test_only_regular_files_are_sessions(machine: Machine, tmp_path: Path) -> None:
    machine.session(S1)
    day = machine.home / DAY
    other = tmp_path / "other.jsonl"
    other.write_bytes(meta(S2))
    (day / rollout(S2)).symlink_to(other)
    os.mkfifo(day / rollout("01a206c2-0000-7000-8000-000000000001"))
    (day / rollout("01a206c2-0000-7000-8000-000000000002")).mkdir()
    (day / f"{rollout(S2)}.zst").symlink_to(tmp_path / "nowhere")
    (machine.home / "sessions/linked").symlink_to(day)
    machine.write(f"{DAY}/notes.jsonl", meta(S2))
    machine.write(f"{DAY}/{rollout(S2)}.tmp", meta(S2))

    assert machine.ids() == [S1]


def test_a_file_that_became_a_link_is_not_followed(machine: Machine, tmp_path: Path) -> None:
    path = machine.session(S1)
    file = machine.the_file()
    (tmp_path / "secret").write_bytes(b"secret\n")
    path.unlink()
    path.symlink_to(tmp_path / "secret")

    with pytest.raises(SourceUnreadable):
        machine.read(file)


def test_names_stay_below_any_folder(machine: Machine) -> None:
    hostile = ["..", "a b", "a\nb", "a\x1b[31mb", "ä", "x" * 200, "a;rm -rf", "-rf", ".."]
    for name in hostile:
        machine.write(f"{DAY}/rollout-{name}.jsonl", b"no first line\n")

    names = [file.name for session in machine.found() for file in session.files]

    assert len(names) == len(set(names)) == len(set(hostile))
    for name in names:
        assert name.startswith("sessions/")
        assert name.isascii()
        assert name.isprintable()
        assert ".." not in name
        assert ";" not in name
        assert len(name) < 255


def test_a_path_that_is_no_utf8_is_left_out(machine: Machine) -> None:
    machine.session(S1)
    with open(os.fsencode(machine.home / DAY) + b"/rollout-\xff.jsonl", "wb") as file:  # noqa: PTH123
        file.write(meta(S2))

    assert machine.ids() == [S1]


def test_a_session_with_a_bad_first_line_is_found_by_its_name(machine: Machine) -> None:
    machine.write(f"{DAY}/{rollout(S1)}", b"{half a line\n" + said("hello"))

    assert machine.ids() == [S1]


def test_a_name_that_tells_no_thread_is_read_for_one(machine: Machine) -> None:
    machine.write(f"{DAY}/rollout-copy.jsonl", meta(S1))
    machine.write(f"{DAY}/rollout-bare.jsonl", b'{"id":"b1","timestamp":"t","instructions":null}\n')
    machine.write(f"{DAY}/rollout-hostile.jsonl", meta("../../x"))

    assert machine.ids() == [S1, "b1", "rollout-hostile"]


@pytest.mark.parametrize("inside", ["sessions", "sessions/2026/11", DAY, "archived_sessions"])
def test_a_folder_that_cannot_be_read_is_reported(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    machine.session(S1)
    machine.write(f"archived_sessions/{rollout(S2)}", meta(S2))
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


# Scopes.


def test_where_a_session_began_is_found_in_every_dialect(machine: Machine) -> None:
    name = rollout("01a206c2-0000-7000-8000-000000000001")
    machine.write(
        f"{DAY}/{name}",
        b'{"id":"x","timestamp":"t","instructions":null}\n'
        + said("<environment_context>\\n  <cwd>/home/dev/old</cwd>\\n</environment_context>"),
    )
    padded = meta(S1).replace(b'"session_id"', b'"pad":"' + b"x" * 300_000 + b'","session_id"')
    machine.write(
        f"{DAY}/{rollout(S1)}", padded.replace(b'{"timestamp"', b'{"cwd":"/w","timestamp"', 1)
    )

    assert machine.ids(folders=("/home/dev/old",)) == ["01a206c2-0000-7000-8000-000000000001"]
    assert machine.ids(project="w") == [S1]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Folders of real sessions, as somebody copied them to a disk."""
    for folder in ("edit", "subagent_v2", "resume2"):
        for path in ROLLOUTS[folder]:
            day = tmp_path / "disk/.codex" / DAY
            day.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, day)
    shutil.copy(ROLLOUTS["fork"][0], tmp_path / "disk/renamed.jsonl")
    (tmp_path / "disk/rows.jsonl").write_bytes(b'{"prompt":"not a session"}\n')
    return tmp_path / "disk"


@pytest.mark.parametrize(
    ("place", "sessions"),
    [("", 5), (".codex", 4), (f".codex/{DAY}", 4), ("renamed.jsonl", 1)],
)
def test_a_place_is_any_file_or_folder_of_sessions(copied: Path, place: str, sessions: int) -> None:
    source = CodexCliSessions((), inflated_pieces)

    assert len(list(source.discover(Scope(places=(str(copied / place),))))) == sessions


def test_a_session_has_the_same_name_wherever_it_is_named_from(machine: Machine) -> None:
    path = machine.session(S1)

    assert (
        machine.found()
        == machine.found(places=(str(path),))
        == machine.found(places=(str(machine.home),))
    )


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
    other = CodexCliSessions((tmp_path / "home",), inflated_pieces)
    assert [found.session for found in other.discover(Scope())] == [S1]
    with pytest.raises(SourceUnreadable, match="not there"):
        machine.found(places=(str(tmp_path / "loop"),))


def test_files_of_other_people_are_no_sessions(machine: Machine) -> None:
    rows = machine.write(
        "rows.jsonl", b'{"type":"row","payload":1}\n[1]\nx\n{"type":["event_msg"]}\n'
    )

    for place in (rows, rows.parent):
        with pytest.raises(SourceUnreadable, match="no Codex session in it"):
            machine.found(places=(str(place),))


def test_what_exec_prints_is_refused_with_advice(machine: Machine) -> None:
    stream = machine.write(
        "out.jsonl", f'{{"type":"thread.started","thread_id":"{S1}"}}\n'.encode()
    )

    with pytest.raises(SourceUnreadable, match="→ name the rollout of its thread"):
        machine.found(places=(str(stream),))


def test_a_thread_that_was_taken_back_has_every_file_it_went_on_in(machine: Machine) -> None:
    """`thread/revert` leaves the file as it is, and goes on in another of the same thread."""
    machine.write(f"{DAY}/{rollout(S1)}", meta(S1) + said("taken back") * 9)
    later = rollout(S1).removesuffix(".jsonl") + f"_{S2}.jsonl"
    machine.write(f"{DAY}/{later}", meta(S1) + said("said instead"))
    machine.write(f"archived_sessions/{later}", meta(S1) + said("said instead") * 2)

    [found] = machine.source.discover(Scope())

    assert found.session == S1
    assert [file.name for file in found.files] == [f"{DAY}/{rollout(S1)}", f"{DAY}/{later}"]
    assert found.files[1].location.endswith(f"archived_sessions/{later}")


def test_what_a_thread_went_on_in_is_kept_without_the_file_before(machine: Machine) -> None:
    later = rollout(S1).removesuffix(".jsonl") + f"_{S2}.jsonl"
    machine.write(f"{DAY}/{later}", meta(S1) + said("said instead"))

    [found] = machine.source.discover(Scope())

    assert (found.session, [file.name for file in found.files]) == (S1, [f"{DAY}/{later}"])
