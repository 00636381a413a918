"""Finding Claude Code's files on a real disk."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile, SourceKind
from tests.contracts.session_source import SessionSourceContract
from tests.integration.adapters.claude_code.fixtures import DATA

API = "/home/dev/api"


def line(session: str, cwd: str = API, text: str = "hello") -> bytes:
    return (
        f'{{"type":"user","message":{{"role":"user","content":"{text}"}},"uuid":"{text[:9]}",'
        f'"timestamp":"2026-11-23T05:05:15.731Z","cwd":"{cwd}","sessionId":"{session}"}}\n'
    ).encode()


def prompt(session: str, text: str = "hello", project: str = API) -> bytes:
    return (
        f'{{"display":"{text}","pastedContents":{{}},"timestamp":1795410000000,'
        f'"project":"{project}","sessionId":"{session}"}}\n'
    ).encode()


class Machine:
    """Somebody's `~/.claude`."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.source = ClaudeCodeSessions((config,))

    def write(self, path: str, data: bytes = b"{}\n") -> Path:
        file = self.config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def transcript(self, session: str, folder: str = API) -> Path:
        dashed = folder.replace("/", "-").replace("_", "-")
        return self.write(f"projects/{dashed}/{session}.jsonl", line(session, folder))

    def found(self, **scope: object) -> list[FoundSession]:
        return list(self.source.discover(Scope(**scope)))  # type: ignore[arg-type]

    def ids(self, **scope: object) -> list[str]:
        return sorted(session.session for session in self.found(**scope))

    def the_files(self) -> dict[str, SourceKind]:
        (session,) = self.found()
        return {file.name: file.kind for file in session.files}

    def read(self, file: SourceFile, offset: int = 0) -> bytes:
        return b"".join(self.source.read(file, offset))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / ".claude")


class ClaudeCodeAtWork:
    """Leaves sessions as the client does."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.source = machine.source
        self._files: dict[SessionId, Path] = {}

    def begin(self, session: SessionId, folder: str) -> bytes:
        self._files[session] = self._machine.transcript(session, folder)
        return self._files[session].read_bytes()

    def say(self, session: SessionId, text: str) -> bytes:
        said = line(session, text=text)
        with self._files[session].open("ab") as file:
            file.write(said)
        return said

    def rewrite(self, session: SessionId) -> bytes:
        other = self._files[session].read_bytes().replace(b"hello", b"HELLO")
        self._files[session].write_bytes(other)
        return other

    def remove(self, session: SessionId) -> None:
        self._files[session].unlink()


class TestClaudeCodeSessions(SessionSourceContract):
    @pytest.fixture
    def agent(self, machine: Machine) -> ClaudeCodeAtWork:
        return ClaudeCodeAtWork(machine)


def test_a_session_has_its_sub_agents_notes_and_outputs(machine: Machine) -> None:
    base = "projects/-home-dev-api"
    machine.transcript("s1")
    inside = {
        "subagents/agent-a1.jsonl": SourceKind.SUBAGENT,
        "subagents/agent-a1.meta.json": SourceKind.NOTE,
        "subagents/workflows/wf_1/agent-a2.jsonl": SourceKind.SUBAGENT,
        "subagents/workflows/wf_1/agent-a2.meta.json": SourceKind.NOTE,
        "subagents/workflows/wf_1/journal.jsonl": SourceKind.NOTE,
        "workflows/wf_1.json": SourceKind.NOTE,
        "tool-results/b1.txt": SourceKind.OUTPUT,
    }
    for name in [*inside, "subagents/notes.txt", "workflows/other.json", "elsewhere/x.jsonl"]:
        machine.write(f"{base}/s1/{name}")

    expected = {f"{base}/s1.jsonl": SourceKind.TRANSCRIPT}
    expected |= {f"{base}/s1/{name}": kind for name, kind in sorted(inside.items())}
    assert machine.the_files() == expected
    assert list(machine.the_files()) == list(expected)


def test_sub_agents_are_looked_for_to_a_bounded_depth(machine: Machine) -> None:
    machine.transcript("s1")
    deep = "projects/-home-dev-api/s1/subagents/" + "d/" * 40
    machine.write(f"{deep}agent-a1.jsonl")

    assert list(machine.the_files()) == ["projects/-home-dev-api/s1.jsonl"]


def test_an_older_sub_agent_lies_beside_and_names_its_session(machine: Machine) -> None:
    machine.transcript("s1")
    machine.write("projects/-home-dev-api/agent-a1.jsonl", b"junk\n" + line("s1"))

    assert machine.the_files() == {
        "projects/-home-dev-api/s1.jsonl": SourceKind.TRANSCRIPT,
        "projects/-home-dev-api/agent-a1.jsonl": SourceKind.SUBAGENT,
    }


def test_an_aside_is_a_sub_agent(machine: Machine) -> None:
    machine.transcript("s1")
    machine.write("projects/-home-dev-api/s1/subagents/agent-aside_question-7.jsonl", line("s1"))

    kinds = machine.the_files()
    name = "projects/-home-dev-api/s1/subagents/agent-aside_question-7.jsonl"
    assert kinds[name] is SourceKind.SUBAGENT


def test_a_session_whose_transcript_went_is_what_its_sub_agents_left(machine: Machine) -> None:
    machine.write("projects/-home-dev-api/s1/subagents/agent-a1.jsonl", line("s1"))
    machine.write("projects/-home-dev-api/s2/tool-results/b1.txt")
    machine.write("projects/-home-dev-api/memory/MEMORY.md")

    assert machine.ids() == ["s1"]


def test_a_session_found_in_two_places_is_one(machine: Machine, tmp_path: Path) -> None:
    other = Machine(tmp_path / "other")
    machine.transcript("s1")
    machine.transcript("s1", "/home/dev/worktree")
    other.transcript("s1")
    both = ClaudeCodeSessions((machine.config, other.config))

    (session,) = both.discover(Scope())

    assert len(session.files) == 3
    assert len({file.name for file in session.files}) == 3
    assert {file.kind for file in session.files} == {SourceKind.TRANSCRIPT}
    assert list(both.discover(Scope())) == [session]


# What is left in history.jsonl.


def test_prompts_of_a_session_that_is_gone_are_a_session(machine: Machine) -> None:
    machine.transcript("s1")
    gone = prompt("s2", "one") + prompt("s2", "two \\u2028 \\ud83d")
    machine.write(
        "history.jsonl",
        prompt("s1") + gone[: gone.index(b"\n") + 1] + b"bad\n" + gone[gone.index(b"\n") + 1 :],
    )

    assert machine.ids() == ["s1", "s2"]
    (file,) = next(each for each in machine.found() if each.session == "s2").files
    assert (file.kind, file.name) == (SourceKind.HISTORY, "history/s2.jsonl")
    assert file.location == f"{machine.config}/history.jsonl#s2"
    assert machine.read(file) == gone
    assert machine.read(file, 10) == gone[10:]
    assert file.size == len(gone)


def test_prompts_of_other_sessions_leave_the_stamp_as_it_was(machine: Machine) -> None:
    machine.write("history.jsonl", prompt("s2"))
    (before,) = machine.found()
    machine.write("history.jsonl", prompt("s2") + prompt("s3") + prompt("s4")[:-1])

    assert machine.ids() == ["s2", "s3"]
    assert machine.found()[0].files == before.files
    machine.write("history.jsonl", prompt("s2", "other"))
    assert machine.found()[0].files[0].stamp != before.files[0].stamp


def test_prompts_beside_sub_agents_are_part_of_that_session(machine: Machine) -> None:
    machine.write("projects/-home-dev-api/s1/subagents/agent-a1.jsonl", line("s1"))
    machine.write("history.jsonl", prompt("s1"))

    assert sorted(machine.the_files().values()) == [SourceKind.HISTORY, SourceKind.SUBAGENT]


def test_prompts_that_were_removed_are_gone(machine: Machine) -> None:
    machine.write("history.jsonl", prompt("s2"))
    (session,) = machine.found()
    machine.write("history.jsonl", prompt("s3"))

    with pytest.raises(SourceGone):
        machine.read(session.files[0])


# Names and files that nobody vouches for.


def test_names_stay_below_any_folder(machine: Machine) -> None:
    hostile = ["..", ".hidden", "a b", "a\nb", "a\x1b[31mb", "ä", "x" * 200, "a;rm -rf", "-rf"]
    for name in hostile:
        machine.write(f"projects/-home-dev-api/{name}.jsonl", line("s"))
        machine.write(f"projects/-home-dev-api/ok/tool-results/{name}.txt")
    machine.write("projects/-home-dev-api/ok.jsonl")

    names = [file.name for session in machine.found() for file in session.files]

    assert len(names) == len(set(names)) == 2 * len(hostile) + 1
    for name in names:
        for part in name.split("/"):
            assert part.isascii()
            assert part.isprintable()
            assert " " not in part
            assert ";" not in part
            assert not part.startswith(".")
            assert len(part) < 255
    for session in machine.found():
        str(session.session).encode()


def test_a_path_that_is_no_utf8_is_left_out(machine: Machine) -> None:
    machine.transcript("s1")
    folder = os.fsencode(machine.config / "projects/-home-dev-api")
    with open(folder + b"/\xff.jsonl", "wb") as file:  # noqa: PTH123
        file.write(line("s2"))

    assert machine.ids() == ["s1"]


@pytest.fixture
def traps(machine: Machine, tmp_path: Path) -> Iterator[Machine]:
    """Anything but regular files, where a transcript, a sub-agent or an output would be."""
    machine.transcript("s1")
    secret = tmp_path / "secret"
    secret.write_bytes(line("secret"))
    project = machine.config / "projects/-home-dev-api"
    sockets = []
    for folder, suffix in (
        (project, ".jsonl"),
        (project / "s1/subagents", ".jsonl"),
        (project / "s1/tool-results", ".txt"),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"agent-link{suffix}").symlink_to(secret)
        (folder / f"link{suffix}").symlink_to(secret)
        os.mkfifo(folder / f"agent-fifo{suffix}")
        os.mkfifo(folder / f"fifo{suffix}")
        (folder / f"agent-folder{suffix}").mkdir()
        (folder / f"folder{suffix}").mkdir()
        (folder / f"dangling{suffix}").symlink_to(tmp_path / "nowhere")
        (folder / f"loop{suffix}").symlink_to(folder / f"loop{suffix}")
    listening = socket.socket(socket.AF_UNIX)
    os.chdir(project)  # the path of a socket is short
    listening.bind("socket.jsonl")
    sockets.append(listening)
    (machine.config / "projects/-linked").symlink_to(project)
    (project / "s2").symlink_to(project / "s1")
    yield machine
    os.chdir("/")
    for each in sockets:
        each.close()


def test_only_regular_files_are_sessions(traps: Machine) -> None:
    assert list(traps.the_files()) == ["projects/-home-dev-api/s1.jsonl"]


def test_what_became_a_link_or_a_pipe_is_not_read(machine: Machine, tmp_path: Path) -> None:
    path = machine.transcript("s1")
    (session,) = machine.found()
    (tmp_path / "secret").write_bytes(b"secret")
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(SourceUnreadable):
        machine.read(session.files[0])

    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SourceUnreadable):
        machine.read(session.files[0])


def test_a_place_nobody_may_look_into_is_a_session_that_cannot_be_read(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.transcript("s1")

    def refuse(path: str) -> object:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)

    for scope in ({}, {"folders": (API,)}, {"project": "api"}):
        [closed] = machine.found(**scope)
        assert closed.location == f"{machine.config}/projects"
        with pytest.raises(SourceUnreadable, match=closed.location):
            machine.read(closed.files[0])


@pytest.mark.parametrize("inside", ["", "/s2", "/s2/subagents", "/s2/subagents/deep"])
def test_a_folder_nobody_may_read_is_a_session_that_cannot_be_read(
    inside: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.transcript("s1")
    machine.transcript("s2", "/home/dev/web")
    machine.write("projects/-home-dev-web/s2/subagents/deep/agent-1.jsonl")
    closed = f"{machine.config}/projects/-home-dev-web{inside}"
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    first, second = machine.found()

    assert [first.session, len(first.files)] == ["s1", 1]
    [unread] = [file for file in second.files if file.location == closed]
    with pytest.raises(SourceUnreadable, match=closed):
        machine.read(unread)


# Scopes.


def test_the_name_of_a_folder_is_not_trusted(machine: Machine) -> None:
    machine.transcript("s1", "/home/dev/a-b")
    machine.write("projects/-home-dev-a-b/s2.jsonl", line("s2", "/home/dev/a/b"))
    machine.write("projects/-home-dev-a-b/s3.jsonl", b'{"type":"mode"}\n' * 20)

    assert machine.ids(folders=("/home/dev/a",)) == ["s2"]
    assert machine.ids(folders=("/home/dev/a-b",)) == ["s1"]
    assert machine.ids(project="b") == ["s2"]
    assert machine.ids() == ["s1", "s2", "s3"]


def test_prompts_are_in_scope_by_their_project(machine: Machine) -> None:
    machine.write("history.jsonl", prompt("s2") + prompt("s3", project="/home/dev/web"))

    assert machine.ids(folders=("/home/dev/web",)) == ["s3"]
    assert machine.ids(project="api") == ["s2"]


def test_a_long_path_is_found_by_what_is_left_of_its_name(machine: Machine) -> None:
    folder = "/home/dev/" + "x" * 250
    name = folder.replace("/", "-")[:200] + "-1a2b3c"
    machine.write(f"projects/{name}/s1.jsonl", line("s1", folder))

    assert machine.ids(folders=(folder,)) == ["s1"]
    assert machine.ids(project="x" * 250) == ["s1"]


def test_a_first_line_beyond_the_head_still_says_where(machine: Machine) -> None:
    padded = line("s1").replace(
        b'{"type"', b'{"cwd":"/home/dev/api","x":"' + b"x" * 300_000 + b'","type"'
    )
    machine.write("projects/-home-dev-api/s1.jsonl", padded)

    assert machine.ids(folders=(API,)) == ["s1"]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Folders of real sessions, as somebody copied them to a disk."""
    shutil.copytree(DATA / "resume", tmp_path / "disk/old/resume")
    shutil.copytree(DATA / "subagent/projects/-home-dev-subagent", tmp_path / "disk/bare")
    (tmp_path / "disk/bare/rows.jsonl").write_bytes(b'{"prompt":"not a session"}\n')
    return tmp_path / "disk"


@pytest.mark.parametrize(
    ("place", "sessions"),
    [
        ("", 5),
        ("old/resume", 4),
        ("old/resume/projects", 4),
        ("old/resume/projects/-home-dev-resume", 4),
        ("old/resume/projects/-home-dev-resume/af1de3ca-8524-4e23-8005-be1cda0a71c9.jsonl", 1),
        ("bare", 1),
        ("bare/07503f3c-b998-4e22-a111-08c7ee93f6bc", 1),
        ("bare/07503f3c-b998-4e22-a111-08c7ee93f6bc.jsonl", 1),
        ("bare/07503f3c-b998-4e22-a111-08c7ee93f6bc/subagents/agent-acb0251f3460c95d5.jsonl", 1),
    ],
)
def test_a_place_is_any_file_or_folder_of_sessions(copied: Path, place: str, sessions: int) -> None:
    found = list(ClaudeCodeSessions(()).discover(Scope(places=(str(copied / place),))))

    assert len(found) == sessions
    if place.startswith("bare"):
        assert len(found[0].files) == 7


def test_a_session_has_the_same_names_wherever_it_is_named_from(machine: Machine) -> None:
    path = machine.transcript("s1")

    assert (
        machine.found()
        == machine.found(places=(str(path),))
        == machine.found(places=(str(machine.config),))
    )


def test_files_of_other_people_in_a_folder_are_no_sessions(tmp_path: Path) -> None:
    for name in ("rows", "agent-rows", "history", "0a3c5f0e-1111-4111-8111-000000000001"):
        file = tmp_path / "projects/repository" / f"{name}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b'{"type":"row","sessionId":1}\n[1]\nx\n{"type":["user"],"uuid":1}\n')
    source = ClaudeCodeSessions(())

    with pytest.raises(SourceUnreadable):
        source.discover(Scope(places=(str(tmp_path),)))
    (tmp_path / "projects/repository/s1.jsonl").write_bytes(line("s1"))
    assert [found.session for found in source.discover(Scope(places=(str(tmp_path),)))] == ["s1"]


def test_links_that_the_user_made_are_followed_to_their_end(
    machine: Machine, tmp_path: Path
) -> None:
    path = machine.transcript("s1")
    (tmp_path / "file").symlink_to(path)
    (tmp_path / "folder").symlink_to(machine.config)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/projects").symlink_to(machine.config / "projects")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    for name in ("file", "folder", "config", "config/projects"):
        assert machine.ids(places=(str(tmp_path / name),)) == ["s1"]
    assert len(list(ClaudeCodeSessions((tmp_path / "config",)).discover(Scope()))) == 1
    with pytest.raises(SourceUnreadable):
        machine.found(places=(str(tmp_path / "loop"),))


def test_the_history_is_a_place(machine: Machine) -> None:
    machine.transcript("s1")
    path = machine.write("history.jsonl", prompt("s1") + prompt("s2"))

    assert machine.ids(places=(str(path),)) == ["s2"]
    assert machine.ids(places=(str(machine.config),)) == ["s1", "s2"]


def test_a_file_in_a_folder_that_happens_to_be_called_so(tmp_path: Path) -> None:
    path = tmp_path / "subagents/copy/s1.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(line("s1"))

    (found,) = ClaudeCodeSessions(()).discover(Scope(places=(str(path),)))
    assert found.session == "s1"


@pytest.mark.parametrize("name", ["nothing", "empty", "notes.txt", "rows.jsonl/", "empty.jsonl"])
def test_a_place_without_a_session_is_said(machine: Machine, name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")

    with pytest.raises(SourceUnreadable, match=name.rstrip("/")):
        machine.found(places=(str(tmp_path / name),))
