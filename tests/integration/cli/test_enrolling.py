"""`init` and `remove`, and what no repository can do by itself."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from opentraces.entrypoints.container import setting_up
from opentraces.entrypoints.hooks import claude_code
from opentraces.entrypoints.settings import Settings
from tests.git_repositories import REMOTE, clone, git, make_repository, root_of
from tests.integration.cli.conftest import DATA, Call, Document
from tests.integration.cli.test_start_up import imported

CODEX = DATA.parent / "codex-cli" / "edit"
THREAD = "01a206c1-7c5e-7b13-bf9d-4bc85da526ae"
EVENT = {"session_id": "0b7d6f3a-0000-4000-8000-000000000001", "hook_event_name": "SessionStart"}
SESSION = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"


@pytest.fixture
def place(home: Path) -> Path:
    """Where repositories are; the same as the home folder, named as the kernel does."""
    return home.resolve()


@pytest.fixture
def widgets(place: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that we stand in."""
    folder = make_repository(place / "widgets", remote=REMOTE)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def enrolled(widgets: Path, call: Call) -> Path:
    """The same, enrolled."""
    assert call("init").exit_code == 0
    return widgets


def listed(home: Path) -> list[str]:
    """The folders that hooks find listed."""
    place = home / ".opentraces" / "state" / "enrolled" / "claude-code"
    return place.read_text().splitlines() if place.exists() else []


def is_captured(home: Path, folder: Path) -> bool:
    """Whether the hook writes an event down in this folder."""
    spool = home / ".opentraces" / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    command = [sys.executable, "-I", "-S", claude_code.__file__, str(home / ".opentraces")]
    event = orjson.dumps(EVENT)
    subprocess.run(command, input=event, cwd=folder, check=True, env={"CLAUDE_PROJECT_DIR": "."})
    return any(spool.rglob("*.jsonl"))


def exclude_of(folder: Path) -> bytes:
    return (folder / ".git" / "info" / "exclude").read_bytes()


def test_only_what_is_enrolled_is_captured(widgets: Path, home: Path, call: Call) -> None:
    assert not is_captured(home, widgets)

    call("init")
    (widgets / "src").mkdir()
    assert is_captured(home, widgets)
    assert is_captured(home, widgets / "src")

    call("remove")
    assert not is_captured(home, widgets)


def test_the_text_of_an_init(widgets: Path, call: Call) -> None:
    said = call("init")

    assert said.stdout.splitlines() == [
        f"Enrolled  widgets  (root {root_of(widgets)[:7]}, github.com/acme/widgets)"
        "     .opentraces/ → .git/info/exclude",
        f"          {widgets}",
        "Hooks     claude-code not installed yet     → opentraces setup claude-code",
        "Hooks     codex-cli not installed yet     → opentraces setup codex-cli",
        "Hooks     pi not installed yet     → opentraces setup pi",
    ]
    assert said.stderr == ""
    assert call("init").stdout.startswith("Enrolled  widgets already  (root ")


def test_hooks_that_reach_us_are_said(widgets: Path, home: Path, call: Call) -> None:
    settings = Settings.from_environment()
    setup = setting_up.agent_setups(settings)["claude-code"]
    setup.apply(setup.install())

    assert call("init").stdout.splitlines()[-2:] == [
        "Hooks     claude-code installed",
        "Next      opentraces status",
    ]
    assert orjson.loads(call("init", "--json").stdout)["hooks"] == {
        "claude-code": True,
        "codex-cli": False,
        "pi": False,
    }

    setup.apply(setup.remove())
    assert orjson.loads(call("init", "--json").stdout)["hooks"] == {
        "claude-code": False,
        "codex-cli": False,
        "pi": False,
    }


def test_hooks_are_told_of_where_their_agent_is_used(widgets: Path, home: Path, call: Call) -> None:
    (home / ".codex").mkdir()
    call("setup", "codex-cli")

    hooks = [line for line in call("init").stdout.splitlines() if line.startswith("Hooks")]
    trust = "start codex, type /hooks, and trust those of opentraces"
    assert hooks == [f"Hooks     codex-cli installed; to run, {trust}"]
    lines = call("status").stdout.splitlines()
    assert lines[0].startswith("widgets  captured live, where the hooks are trusted  ")
    assert [line for line in lines if line.startswith("Live")] == [
        "Live      codex-cli hooks installed, to be trusted → opentraces doctor"
    ]
    hooks = call("init", "--agent", "claude-code").stdout.splitlines()
    assert "Hooks     claude-code not installed yet     → opentraces setup claude-code" in hooks


def test_the_text_of_a_remove(enrolled: Path, call: Call) -> None:
    assert call("remove").stdout.splitlines() == [
        "Removed   widgets: claude-code, codex-cli, pi are not captured any more",
        f"          {enrolled}",
        "Kept      what was kept stays     → opentraces trace query",
    ]


@pytest.mark.parametrize("command", ["remove", "uninstall"])
def test_what_hooks_wrote_down_is_kept_before_capture_ends(
    command: str, enrolled: Path, home: Path, call: Call
) -> None:
    [recorded] = CODEX.glob("rollout-*.jsonl")
    rollout = home / ".codex" / "sessions" / "2026" / "11" / "23" / recorded.name
    rollout.parent.mkdir(parents=True)
    rollout.write_bytes(recorded.read_bytes())
    told = {"session_id": THREAD, "hook_event_name": "Stop", "transcript_path": str(rollout)}
    waiting = enrolled / ".opentraces" / "codex-cli" / "hooks" / f"{THREAD}.jsonl"
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(orjson.dumps({"opentraces": 1, "at": 1, "event": told}) + b"\n")

    assert call(command).exit_code == 0

    assert not waiting.exists()
    [hit] = orjson.loads(call("trace", "query", "--json").stdout)["hits"]
    events = orjson.loads(call("trace", "get", hit["trace_id"], "--json").stdout)["metadata"]
    assert events["hooks"]["events"] == {"Stop": 1}


def test_a_password_is_nowhere(enrolled: Path, home: Path, call: Call) -> None:
    assert "secret" not in call("init").stdout + call("init", "--json").stdout
    for file in (home / ".opentraces").rglob("*"):
        assert not file.is_file() or b"secret" not in file.read_bytes()


def test_what_git_leaves_alone_is_put_back(widgets: Path, call: Call) -> None:
    before = exclude_of(widgets)

    call("init")
    call("init")
    assert exclude_of(widgets) == before + b".opentraces/\n"
    assert git(widgets, "status", "--porcelain") == ""

    call("remove")
    assert exclude_of(widgets) == before


def test_a_list_behind_a_link_is_said_and_not_written(
    widgets: Path, place: Path, call: Call, document: Document
) -> None:
    (place / "theirs").write_text("theirs\n")
    (widgets / ".git" / "info" / "exclude").unlink()
    (widgets / ".git" / "info" / "exclude").symlink_to(place / "theirs")

    said = call("init")

    assert ".opentraces/ is not excluded: " in said.stdout.splitlines()[1]
    assert "symbolic link" in document("init")["not_excluded"]
    assert (place / "theirs").read_text() == "theirs\n"
    assert listed(place) == [str(widgets)]


def test_from_anywhere_in_a_repository_the_same_is_enrolled(
    widgets: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    (widgets / "src" / "deep").mkdir(parents=True)
    monkeypatch.chdir(widgets / "src" / "deep")

    assert document("init")["project"]["paths"] == [str(widgets)]


def test_a_new_worktree_is_captured_after_any_command(
    enrolled: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(enrolled, "worktree", "add", "--quiet", "../fix")
    git(enrolled, "worktree", "add", "--quiet", "../other")
    fix = enrolled.parent / "fix"
    assert not is_captured(home, fix)

    monkeypatch.chdir(fix)
    assert call("bucket", "path").exit_code == 0

    assert listed(home) == sorted(map(str, (enrolled, fix, enrolled.parent / "other")))
    assert is_captured(home, fix)

    git(enrolled, "worktree", "remove", "--force", "../other")
    git(enrolled, "worktree", "add", "--quiet", "../third")
    monkeypatch.chdir(enrolled)
    call("bucket", "path")
    assert listed(home) == sorted(map(str, (enrolled, fix, enrolled.parent / "third")))

    call("remove")
    assert listed(home) == []


def test_help_adds_nothing(enrolled: Path, home: Path, call: Call) -> None:
    git(enrolled, "worktree", "add", "--quiet", "../fix")

    for arguments in (["--help"], ["init", "-h"], ["trace", "--help"], ["completion", "zsh"]):
        call(*arguments)

    assert listed(home) == [str(enrolled)]


def test_a_moved_repository_is_captured_after_any_command(
    enrolled: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exclude_of(enrolled).removesuffix(b".opentraces/\n")
    moved = enrolled.rename(enrolled.parent / "renamed")
    monkeypatch.chdir(moved)

    call("bucket", "path")

    assert listed(home) == [str(moved)]
    call("remove")
    assert exclude_of(moved) == before


def test_a_second_clone_joins_only_when_it_is_enrolled(
    enrolled: Path, home: Path, call: Call, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = clone(enrolled, enrolled.parent / "copy", remote="git@github.com:acme/widgets.git")
    monkeypatch.chdir(copy)
    call("trace", "query")
    assert call("remove").exit_code == 3
    assert listed(home) == [str(enrolled)]

    project = document("init")["project"]

    assert project["paths"] == [str(copy), str(enrolled)]
    assert project["name"] == "widgets"
    call("remove")
    assert listed(home) == []
    assert b".opentraces/" not in exclude_of(copy) + exclude_of(enrolled)


def fork(enrolled: Path) -> Path:
    url = "https://github.com/evil/widgets.git"
    return clone(enrolled, enrolled.parent / "evil", remote=url)


def twin(enrolled: Path) -> Path:
    """A clone that says of itself all that the enrolled one says."""
    return clone(enrolled, enrolled.parent / "evil", remote=REMOTE)


def unpacked(enrolled: Path) -> Path:
    """An archive of files, with all that the repository has of its own, and a forged store."""
    evil = Path(shutil.copytree(enrolled, enrolled.parent / "evil"))
    ours = enrolled.parent / ".opentraces"
    shutil.copytree(ours, evil / ".opentraces")
    forged = (ours / "projects.json").read_text().replace(str(enrolled), str(evil))
    (evil / ".opentraces" / "projects.json").write_text(forged)
    (evil / "projects.json").write_text(forged)
    return evil


def linked(enrolled: Path) -> Path:
    evil = enrolled.parent / "evil"
    evil.mkdir()
    (evil / ".git").symlink_to(enrolled / ".git")
    return evil


def pointing(enrolled: Path) -> Path:
    evil = enrolled.parent / "evil"
    evil.mkdir()
    (evil / ".git").write_text(f"gitdir: {enrolled / '.git'}\n")
    return evil


def pointing_outwards(enrolled: Path) -> Path:
    evil = enrolled / "evil"
    evil.mkdir()
    (evil / ".git").write_text("gitdir: ../.git\n")
    return evil


def pointing_to_a_worktree(enrolled: Path) -> Path:
    git(enrolled, "worktree", "add", "--quiet", "../fix")
    evil = enrolled.parent / "evil"
    evil.mkdir()
    (evil / ".git").write_bytes((enrolled.parent / "fix" / ".git").read_bytes())
    return evil


def sharing(enrolled: Path) -> Path:
    """A repository that says that its objects, and its configuration, are the enrolled one's."""
    evil = make_repository(enrolled.parent / "evil")
    (evil / ".git" / "commondir").write_text(f"{enrolled / '.git'}\n")
    return evil


def claiming_a_worktree(enrolled: Path) -> Path:
    """A repository that names the enrolled checkout as a worktree of its own."""
    evil = make_repository(enrolled.parent / "evil", remote=REMOTE)
    record = evil / ".git" / "worktrees" / "one"
    record.mkdir(parents=True)
    (record / "gitdir").write_text(f"{enrolled / '.git'}\n")
    (record / "commondir").write_text("../..\n")
    return evil


def set_up_by_its_files(enrolled: Path) -> Path:
    evil = make_repository(enrolled.parent / "evil")
    (evil / ".claude").mkdir()
    (evil / ".claude" / "settings.json").write_text('{"env":{"OPENTRACES_HOME":"."}}')
    (evil / "config.toml").write_text("[query]\nlimit = 1\n")
    git(evil, "config", "opentraces.enrolled", "true")
    return evil


Make = Callable[[Path], Path]
HOSTILE: list[Make] = [
    fork,
    twin,
    unpacked,
    linked,
    pointing,
    pointing_outwards,
    pointing_to_a_worktree,
    sharing,
    claiming_a_worktree,
    set_up_by_its_files,
]


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_no_repository_can_enrol_itself(
    make: Make, enrolled: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = make(enrolled)
    before = {path: path.read_bytes() for path in evil.rglob("*") if path.is_file()}
    monkeypatch.chdir(evil)

    for arguments in (["bucket", "path"], ["trace", "query"], ["import"], ["bucket", "status"]):
        call(*arguments)

    assert str(evil) not in listed(home)
    assert not is_captured(home, evil)
    assert {path: path.read_bytes() for path in evil.rglob("*") if path.is_file()} == before
    assert call("remove").exit_code == 3


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_no_repository_takes_the_place_of_one_that_moved(
    make: Make, enrolled: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = make(enrolled)
    if evil.is_relative_to(enrolled):
        evil = evil.rename(enrolled.parent / "evil")
    shutil.rmtree(enrolled)
    monkeypatch.chdir(evil)

    call("bucket", "path")

    assert str(evil) not in listed(home)


def test_a_link_to_a_moved_repository_is_not_followed(
    enrolled: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of the repository is the same, but it is not this checkout's own."""
    evil = enrolled.parent / "evil"
    evil.mkdir()
    kept = (enrolled / ".git").rename(enrolled.parent / "kept.git")
    shutil.rmtree(enrolled)
    (evil / ".git").symlink_to(kept)
    monkeypatch.chdir(evil)

    call("bucket", "path")

    assert str(evil) not in listed(home)


def test_another_repository_s_list_is_not_written_by_an_init(
    enrolled: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("remove")
    before = exclude_of(enrolled)
    for make in (linked, pointing):
        evil = make(enrolled)
        monkeypatch.chdir(evil)

        assert call("init").exit_code == 0

        assert exclude_of(enrolled) == before
        call("remove")
        shutil.rmtree(evil)


def test_a_fork_that_is_enrolled_is_a_project_of_its_own(
    enrolled: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = document("init")["project"]
    monkeypatch.chdir(fork(enrolled))

    second = document("init")["project"]

    assert second["project_id"] != first["project_id"]
    assert (second["root_commit"], second["remote"]) == (
        first["root_commit"],
        "github.com/evil/widgets",
    )


def test_a_submodule_is_enrolled_by_itself(
    enrolled: Path, home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = make_repository(enrolled.parent / "inner")
    git(enrolled, "submodule", "--quiet", "add", str(inner), "sub")
    monkeypatch.chdir(enrolled / "sub")
    document("bucket", "path")
    assert listed(home) == [str(enrolled)]

    project = document("init")["project"]

    assert project["paths"] == [str(enrolled / "sub")]
    listed_by_git = enrolled / ".git" / "modules" / "sub" / "info" / "exclude"
    assert listed_by_git.read_bytes().endswith(b".opentraces/\n")


def test_a_plain_folder_is_enrolled_by_its_name(
    home: Path, place: Path, call: Call, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "notes" / "deep").mkdir(parents=True)
    monkeypatch.chdir(place / "notes")

    project = document("init")["project"]

    assert (project["name"], project["root_commit"], project["remote"]) == ("notes", None, None)
    assert call("init").stdout.startswith("Enrolled  notes already  (a folder in no repository)\n")
    assert list((place / "notes").iterdir()) == [place / "notes" / "deep"]
    assert is_captured(home, place / "notes" / "deep")
    monkeypatch.chdir(place / "notes" / "deep")
    assert call("remove").exit_code == 0
    assert not is_captured(home, place / "notes")


def test_why_the_root_is_not_known_is_said(
    enrolled: Path, call: Call, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(enrolled, "commit", "--quiet", "--allow-empty", "--message", "second")
    monkeypatch.chdir(clone(enrolled, enrolled.parent / "shallow", "--depth=1"))

    printed = document("init")

    assert printed["project"]["root_commit"] is None
    assert printed["no_root"] == "a shallow clone does not have its first commit"
    assert f"root not known: {printed['no_root']}" in call("init").stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_user_is_enrolled_without_being_read(
    widgets: Path, document: Document
) -> None:
    os.chown(widgets, 1234, -1)
    os.chown(widgets / ".git", 1234, -1)
    before = exclude_of(widgets)

    printed = document("init")

    assert (printed["project"]["root_commit"], printed["project"]["remote"]) == (None, None)
    assert "another user" in printed["no_root"]
    assert "another user" in printed["not_excluded"]
    assert exclude_of(widgets) == before


def test_existing_sessions_are_counted_or_kept(
    widgets: Path, claude: Path, call: Call, document: Document
) -> None:
    session = next(claude.rglob(f"{SESSION}.jsonl"))
    session.write_bytes(session.read_bytes().replace(b"/home/dev/edit-commit", bytes(widgets)))
    session.parent.rename(claude / "projects" / re.sub("[^a-zA-Z0-9]", "-", str(widgets)))

    assert document("init")["not_kept"] == 1
    said = call("init").stdout.splitlines()[-1]
    assert said == "Sessions  1 session not kept yet, or grown since     → opentraces import"

    said = call("init", "--import-existing").stdout
    assert "\nImported  1 session, 0 unchanged " in said
    assert said.splitlines()[-1].startswith("Next      opentraces trace query")
    printed = document("init", "--import-existing")
    assert (printed["imported"]["kept"], printed["imported"]["unchanged"]) == (0, 1)
    assert printed["not_kept"] == document("init")["not_kept"] == 0


def test_what_was_kept_outlives_the_enrolment(
    widgets: Path, trace: str, call: Call, document: Document
) -> None:
    call("init")
    before = document("trace", "get", trace)

    call("remove")

    assert document("trace", "get", trace) == before


def test_lost_lists_are_made_anew_by_any_command(
    enrolled: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    lists = home / ".opentraces" / "state" / "enrolled"
    shutil.rmtree(lists)
    call("bucket", "path")
    assert listed(home) == [str(enrolled)]

    (lists / "claude-code").write_text("/somewhere/else\n")
    call("bucket", "path")
    assert listed(home) == [str(enrolled)]

    (home / ".opentraces" / "projects.json").unlink()
    call("bucket", "path")
    assert listed(home) == []


@pytest.mark.parametrize(
    ("stored", "code"), [(b"{", 4), (b'{"format":"opentraces.projects/2"}', 5)]
)
def test_projects_that_cannot_be_read_stop_only_what_is_about_them(
    enrolled: Path, home: Path, call: Call, stored: bytes, code: int
) -> None:
    place = home / ".opentraces" / "projects.json"
    place.write_bytes(stored)

    for command in ("init", "remove"):
        said = call(command)
        assert (said.exit_code, said.stdout) == (code, "")
        assert "projects.json" in said.stderr
    said = call("bucket", "path")
    assert (said.exit_code, said.stderr) == (0, "")
    assert place.read_bytes() == stored


@pytest.mark.parametrize(
    ("folder", "code", "message"),
    [
        (".", 2, "holds everything you have"),
        ("/", 2, "holds everything you have"),
        ("bare.git", 2, "is a bare repository"),
        ("one\ntwo", 2, "line end"),
    ],
)
def test_what_cannot_be_enrolled(
    home: Path, call: Call, monkeypatch: pytest.MonkeyPatch, folder: str, code: int, message: str
) -> None:
    git(home, "init", "--quiet", "--bare", "bare.git")
    (home / "one\ntwo").mkdir()
    monkeypatch.chdir(home / folder)

    said = call("init")

    assert (said.exit_code, said.stdout) == (code, "")
    assert message in said.stderr
    assert listed(home) == []
    assert call("remove").exit_code in (2, 3)


def test_a_folder_that_is_gone_cannot_be_enrolled(
    home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "gone").mkdir()
    monkeypatch.chdir(home / "gone")
    (home / "gone").rmdir()

    for command in ("init", "remove"):
        assert "the working directory is gone" in call(command).stderr
    assert call("bucket", "path").exit_code == 0


def test_a_name_that_is_no_text_is_captured(
    home: Path, place: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_repository(Path(os.fsdecode(bytes(place) + b"/\xff\xfe")))
    monkeypatch.chdir(folder)

    assert {*document("init")["project"]["name"]} == {"\ufffd"}
    assert is_captured(home, folder)
    assert document("init")["was_enrolled"]


HEAVY = {
    "subprocess",
    "opentraces.adapters.filesystem.enrolments",
    "opentraces.domain.enrolment",
    "opentraces.entrypoints.container.importing",
}


def test_a_command_reads_no_projects_where_nothing_is_new(
    kept: Path, enrolled: Path, place: Path
) -> None:
    other = make_repository(place / "other")

    assert not HEAVY & imported("trace", "query", cwd=enrolled)
    assert not HEAVY & imported("trace", "query", cwd=other)


def test_where_nothing_is_enrolled_a_command_imports_nothing_for_it(
    kept: Path, widgets: Path
) -> None:
    assert not HEAVY & imported("trace", "query", cwd=widgets)


def test_a_command_that_follows_a_worktree_starts_no_process(enrolled: Path, home: Path) -> None:
    git(enrolled, "worktree", "add", "--quiet", "../fix")

    modules = imported("bucket", "path", cwd=enrolled.parent / "fix")

    assert "opentraces.adapters.filesystem.enrolments" in modules
    assert not {"subprocess", "pydantic", "tantivy"} & modules
    assert len(listed(home)) == 2
