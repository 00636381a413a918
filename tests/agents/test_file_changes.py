"""What is read of a session, done once more, leaves the files that the real client left."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.trail.file_change import FileChange
from tests.agents.rig import codex_model, fake_api
from tests.agents.rig import codex_script as codex
from tests.agents.rig import script as pi
from tests.agents.rig.codex import Codex
from tests.agents.rig.installed import codex_program, pi_before_program, pi_program
from tests.agents.rig.pi import Pi
from tests.contracts.file_changes import assert_changes_sound, changes_in, text_of
from tests.contracts.trace_parser import Source, read, transcript
from tests.git_repositories import git
from tests.properties.test_unified_diffs import applied

pytestmark = pytest.mark.agents

WORD = "curlewchanges"
FILES = {
    "a.txt": "first\nsecond\n",
    "crlf.txt": "p\r\nq\r\nr\r\n",
    "gone.txt": "nobody needs it\n",
    "long.txt": "".join(f"line {number}\n" for number in range(40)),
    "open.txt": "no newline",
    "sub/s.txt": "s1\ns2\n",
}


def patch(*lines: str) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch", ""))


def heredoc(*lines: str) -> str:
    return f"apply_patch <<'END'\n{patch(*lines)}END\n"


PATCHES = (
    patch("*** Add File: a.txt", "+first", "+other", "*** Add File: t~x/new.txt", "+new"),
    patch("*** Update File: crlf.txt", "@@", " p", "-q", "+Q"),
    patch("*** Update File: open.txt", "@@", "-no newline", "+one newline"),
    patch(
        *("*** Update File: long.txt", "@@", " line 1", "-line 2", "+two", "+and more"),
        *("@@", "-line 30", " line 31"),
    ),
    patch("*** Update File: a.txt", "*** Move to: moved/a.txt", "@@", "-first", "+FIRST"),
    patch("*** Delete File: gone.txt"),
    patch("*** Update File: missing.txt", "@@", "-x", "+y"),
)
COMMANDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("cd sub && " + heredoc("*** Update File: s.txt", "@@", "-s1", "+S1"), {}),
    (heredoc("*** Update File: s.txt", "@@", "-s2", "+S2"), {"workdir": "sub"}),
    ("cat > by_shell.txt <<'END'\nnobody's\nEND\n", {}),
)
EDITS: tuple[tuple[str, dict[str, object]], ...] = (
    ("read", {"path": "long.txt"}),
    (
        "edit",
        {
            "path": "long.txt",
            "edits": [
                {"oldText": "line 2\n", "newText": "two\nmore\n"},
                {"oldText": "line 30\n", "newText": ""},
            ],
        },
    ),
    ("read", {"path": "./sub/../long.txt"}),
    ("read", {"path": "long.txt", "offset": 3}),
    ("write", {"path": "a.txt", "content": "first\nother"}),
    ("edit", {"path": "open.txt", "edits": [{"oldText": "no ", "newText": "still no "}]}),
    ("edit", {"path": "open.txt", "edits": [{"oldText": "newline", "newText": "newline\nyet\n"}]}),
    ("write", {"path": "new/b.txt", "content": "\u00e9\n\n"}),
    ("edit", {"path": "a.txt", "edits": [{"oldText": "is not there", "newText": "x"}]}),
    ("bash", {"command": 'echo "nobody\'s" > by_shell.txt'}),
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    git(folder, "init", "--quiet")
    return folder


def replayed(folder: Path, source: Source, changes: Iterable[FileChange]) -> dict[str, list[str]]:
    """Do the changes to the files as they were; returns the lines of each that is left."""
    held = {str(folder / name): lines_of(text) for name, text in FILES.items()}
    for change in changes:
        before = held.pop(change.moved_from or change.path, None)
        if change.before is not None:
            assert before == lines_of(text_of(source, change.before))
        if change.operation == "read":
            assert change.after is not None
            assert before == lines_of(text_of(source, change.after))
        if change.after is not None:
            held[change.path] = lines_of(text_of(source, change.after))
        elif change.operation == "edit":
            assert before is not None
            held[change.path] = applied(before, change.hunks)
    return {str(Path(path).relative_to(folder)): lines for path, lines in held.items()}


def left(folder: Path) -> dict[str, list[str]]:
    """Return the lines of every file but what a command wrote."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): lines_of(path.read_bytes().decode())
        for path in found
        if ".git" not in path.parts and path.name != "by_shell.txt"
    }


def lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


@pytest.mark.parametrize("is_scripted", [False, True])
def test_patches_of_codex_leave_what_it_left(
    tmp_path: Path, repository: Path, is_scripted: bool
) -> None:
    client = Codex(codex_program(), tmp_path / "user")
    client.home.mkdir(parents=True)
    if is_scripted:
        scripts = (f"text(await tools.apply_patch(`{each}`));" for each in PATCHES)
        items = [codex.writes("exec", each) for each in scripts]
    else:
        items = [codex.writes("apply_patch", each) for each in PATCHES]
        items += [codex.runs(command, **more) for command, more in COMMANDS]
    lane = codex.Lane(WORD, (*map(codex.answer, items), codex.answer(codex.says("done"))))
    with codex_model.serving([lane]) as (_, address):
        client.configure(address)
        model = ("-m", "gpt-6.1-sol") if is_scripted else ()
        client.run(repository, *model, f"{WORD}: go")
    (rollout,) = client.home.glob("sessions/**/rollout-*.jsonl")
    source = transcript(rollout.read_bytes())

    found = read(CodexCliParser(), source)

    assert_changes_sound(source, found)
    assert {change.methods for change in changes_in(found)} == {("file_change_event", "tool_input")}
    assert len(changes_in(found)) == (7 if is_scripted else 9)
    assert replayed(repository, source, changes_in(found)) == left(repository)
    assert (repository / "moved" / "a.txt").exists()


@pytest.mark.parametrize("is_former", [True, False])
def test_edits_of_pi_leave_what_it_left(tmp_path: Path, repository: Path, is_former: bool) -> None:
    program, node = (pi_before_program(), None) if is_former else pi_program()
    client = Pi(program, node, tmp_path / "user")
    calls = [pi.answer(pi.Call(tool, arguments)) for tool, arguments in EDITS]
    lane = pi.Lane(WORD, (*calls, pi.answer(pi.Text("done"))))
    with fake_api.serving([lane]) as (_, address):
        client.configure(address)
        client.run(repository, "-p", f"{WORD}: go")
    (session,) = client.sessions().values()
    source = transcript(session.read_bytes())

    found = read(PiParser(), source)

    assert_changes_sound(source, found)
    assert [change.operation for change in changes_in(found)] == [
        *("read", "edit", "read", "write", "edit", "edit", "write")
    ]
    assert replayed(repository, source, changes_in(found)) == left(repository)
    assert left(repository)["open.txt"] == ["still no newline", "yet"]
