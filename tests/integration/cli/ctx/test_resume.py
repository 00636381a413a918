"""`ctx resume`: what is written, what is run, and what is refused."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.git_repositories import git
from tests.integration.cli.conftest import DATA, Call, Document, Process
from tests.integration.cli.test_json_contract import example, shape
from tests.integration.cli.trail.widgets import BEGINNING, SECOND, Widgets

NEW = "never_committed_so_far = 12345678\n"


def below(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def resumed(document: Document, *arguments: str) -> Any:
    """Let everything be written; returns the document."""
    return document("ctx", "resume", *arguments, "--print-command")


def test_a_dry_run_says_all_and_writes_nothing(trace: str, home: Path, call: Call) -> None:
    before = below(home)

    said = call("ctx", "resume", trace, "--at-step", "3", "--dry-run")

    assert (said.exit_code, said.stderr) == (0, "")
    assert below(home) == before
    first, *_, last = said.stdout.splitlines()
    assert first.endswith(":3 · please add the second one · nothing is written")
    ours = home / ".opentraces" / "resumed"
    assert f"{ours}/projects/-" in said.stdout
    assert f"git -C {home}/widgets worktree add --detach --no-checkout {ours}/wor" in said.stdout
    assert last.startswith(f"then      cd {ours}/worktrees/")
    assert " && claude --resume " in last


@pytest.mark.parametrize(
    ("step", "lines", "files"),
    [
        ("2", 1, {"a.py": BEGINNING}),
        ("3", 3, {"a.py": BEGINNING + SECOND}),
        ("4", 5, {"a.py": BEGINNING + SECOND, "in/new.py": NEW}),
    ],
)
def test_the_files_are_as_they_were_at_the_step(
    trace: str, document: Document, step: str, lines: int, files: dict[str, str]
) -> None:
    said = resumed(document, trace, "--at-step", step)

    assert (said["step"], said["lines"], said["written"]) == (int(step), lines, True)
    found = below(Path(said["worktree"]["folder"]))
    assert {name: found[name].decode() for name in found if name.endswith(".py")} == files
    assert len(Path(said["file"]).read_bytes().splitlines()) == lines


def test_nobody_else_may_look_at_it(trace: str, home: Path, document: Document) -> None:
    said = resumed(document, trace, "--at-step", "3")

    assert Path(said["file"]).stat().st_mode & 0o777 == 0o600
    for name in ("", "projects", "worktrees"):
        folder = home / ".opentraces" / "resumed" / name
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_commit_is_that_of_the_step(trace: str, widgets: Widgets, document: Document) -> None:
    found = {step: resumed(document, trace, "--at-step", step)["worktree"] for step in "234"}

    head, begin = git(widgets.folder, "rev-parse", "HEAD", "HEAD~1").split()
    assert {step: each["commit"] for step, each in found.items()} == {
        "2": begin,
        "3": head,
        "4": head,
    }
    assert {each["at"] for each in found.values()} == {"step"}
    assert git(widgets.folder, "rev-parse", "HEAD") == head
    assert git(Path(found["4"]["folder"]), "status", "--porcelain", "-uall") == "?? in/new.py"


def test_the_agents_own_file_and_what_is_kept_stay(trace: str, home: Path, call: Call) -> None:
    before = [below(home / ".claude"), below(home / ".opentraces" / "bucket")]

    assert call("ctx", "resume", trace, "--at-step", "3", "--print-command").exit_code == 0

    assert [below(home / ".claude"), below(home / ".opentraces" / "bucket")] == before


def test_the_client_goes_on_in_the_place_of_this_process(
    trace: str, client: Path, process: Process
) -> None:
    went = process("ctx", "resume", trace, "--at-step", "3")

    assert (went.returncode, went.stdout) == (7, b"went on\n")
    folder, name, option, file = client.read_text().splitlines()
    assert (Path(name).name, option) == ("claude", "--resume")
    assert Path(folder, "a.py").read_text() == BEGINNING + SECOND
    assert orjson.loads(Path(file).read_bytes().splitlines()[0])["sessionId"] == Path(file).stem
    assert f"worktree remove --force {folder}".encode() in went.stderr


def test_what_is_printed_is_what_would_be_run(
    trace: str, client: Path, call: Call, home: Path
) -> None:
    printed = call("ctx", "resume", trace, "--no-worktree", "--print-command").stdout

    run = subprocess.run(["sh", "-c", printed], capture_output=True, check=False)
    assert (run.returncode, run.stdout) == (7, b"went on\n")
    assert client.read_text().splitlines()[0] == str(home.resolve() / "widgets")


def test_without_the_client_nothing_is_written(
    trace: str, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    said = call("ctx", "resume", trace)

    assert said.exit_code == 2
    assert said.stderr.startswith("opentraces: claude is not on PATH, nothing was written → ")
    assert not (home / ".opentraces" / "resumed").exists()


def test_an_import_keeps_what_was_gone_on_with(trace: str, document: Document) -> None:
    said = resumed(document, trace, "--at-step", "3")

    assert document("import", "--all")["kept"] == 1

    record = document("trace", "get", said["session_id"])
    assert [step["step_index"] for step in record["steps"]] == [1, 2]
    copied = record["metadata"]["copied_steps"]
    assert [row["step_index"] for row in copied] == [1, 2]
    assert "copied_steps" not in document("trace", "get", trace)["metadata"]
    again = resumed(document, said["session_id"])
    assert Path(again["worktree"]["folder"], "a.py").read_text() == BEGINNING + SECOND


def test_without_a_worktree_it_goes_on_where_it_was(
    trace: str, widgets: Widgets, document: Document
) -> None:
    said = resumed(document, trace, "--at-step", "3", "--no-worktree")

    assert (said["folder"], said["worktree"]) == (str(widgets.folder), None)
    assert git(widgets.folder, "worktree", "list").count("\n") == 0


@pytest.mark.parametrize(
    ("inner", "there"), [("in", "in"), ("empty/deep", "empty/deep"), ("away", "")]
)
def test_it_goes_on_in_the_folder_that_the_session_began_in(
    widgets: Widgets, call: Call, document: Document, inner: str, there: str
) -> None:
    """But through no link."""
    (widgets.folder / "empty" / "deep").mkdir(parents=True)
    (widgets.folder / "in").mkdir()
    (widgets.folder / "in" / "kept").write_text("kept\n")
    (widgets.folder / "away").symlink_to("in")
    widgets.commit("Link", at=5)
    session = widgets.session().asks("begin", at=10)
    session.writes("new.py", NEW, at=20)
    session.leave()
    file = next((widgets.home / ".claude").rglob("*.jsonl"))
    cwd, moved = f'"cwd": "{widgets.folder}"', f'"cwd": "{widgets.folder}/{inner}"'
    assert cwd in file.read_text()
    file.write_text(file.read_text().replace(cwd, moved))
    assert call("import", "--all").exit_code == 0

    said = resumed(document, session.name)

    assert said["folder"] == f"{said['worktree']['folder']}/{there}".rstrip("/")
    assert Path(said["folder"]).is_dir()


def test_where_the_repository_is_gone_that_is_said(
    trace: str, widgets: Widgets, call: Call
) -> None:
    shutil.rmtree(widgets.folder / ".git")

    said = call("ctx", "resume", trace, "--at-step", "3", "--print-command")

    assert said.stdout.startswith(f"cd {widgets.folder} && claude --resume ")
    why = "the session's repository is not there any more"
    assert said.stderr == f"opentraces: in {widgets.folder} as it is now: {why}\n"


def test_where_the_folder_is_gone_too_it_is_refused(
    trace: str, widgets: Widgets, call: Call, home: Path
) -> None:
    shutil.rmtree(widgets.folder)

    said = call("ctx", "resume", trace, "--at-step", "3")

    assert said.exit_code == 2
    assert f"the session's folder is gone: {widgets.folder} → " in said.stderr
    assert not (home / ".opentraces" / "resumed").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--at-step", "1"], 2, "nothing is said before it"),
        (["--at-step", "0"], 2, "--at-step"),
        (["--at-step", "99"], 3, "no step 99"),
        (["--json"], 2, "--dry-run or --print-command"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    trace: str, call: Call, arguments: list[str], code: int, words: str
) -> None:
    said = call("ctx", "resume", trace, *arguments)

    assert (said.exit_code, said.stdout, said.stderr.count("\n")) == (code, "", 1)
    assert words in said.stderr


def test_a_step_can_stand_behind_the_trace(trace: str, document: Document, call: Call) -> None:
    assert resumed(document, f"{trace}:3")["step"] == 3
    assert resumed(document, f"{trace}:last")["step"] == 4
    assert resumed(document, f"{trace}:3", "--at-step", "3")["step"] == 3
    for typed in (f"{trace}:2", f"{trace}:3-4"):
        assert call("ctx", "resume", typed, "--at-step", "3").exit_code == 2
    assert call("ctx", "resume", f"{trace}:2-3").exit_code == 2


def test_damaged_bytes_are_an_error(trace: str, home: Path, call: Call) -> None:
    file = next((home / ".opentraces" / "bucket").rglob("source-0.zst"))
    file.write_bytes(bytes(len(file.read_bytes())))

    said = call("ctx", "resume", trace, "--at-step", "3")

    assert said.exit_code == 4
    assert said.stderr.endswith("→ opentraces bucket repair\n")
    assert not (home / ".opentraces" / "resumed").exists()


def test_sessions_of_codex_name_what_can_be_done(call: Call, document: Document) -> None:
    assert call("import", str(DATA.parent / "codex-cli" / "edit")).exit_code == 0
    (hit,) = document("trace", "query")["hits"]

    said = call("ctx", "resume", hit["trace_id"])

    assert said.exit_code == 2
    assert "only sessions of Claude Code" in said.stderr
    assert f"codex resume {hit['session_id']}" in said.stderr
    assert "opentraces ctx handover" in said.stderr


def test_steps_of_sub_agents_name_the_step_that_started_them(
    kept: Path, call: Call, document: Document
) -> None:
    (hit,) = document("trace", "query", "--project", "subagent")["hits"]
    steps = document("trace", "get", hit["trace_id"])["steps"]
    helpers = [step for step in steps if step["call_type"] == "subagent"]

    for step in helpers:
        said = call("ctx", "resume", hit["trace_id"], "--at-step", str(step["step_index"]))
        assert said.exit_code == 2
        assert said.stderr.endswith(f"--at-step {step['parent_step']}\n")
    assert len(helpers) > 3


def test_where_only_prompts_are_kept_there_is_nothing_to_go_on_with(
    home: Path, call: Call, document: Document
) -> None:
    (home / ".claude" / "projects").mkdir(parents=True)
    said = {"display": "lost words", "timestamp": 1, "project": "/p", "sessionId": "s"}
    (home / ".claude" / "history.jsonl").write_bytes(orjson.dumps(said) + b"\n")
    assert call("import", "--all").exit_code == 0
    (hit,) = document("trace", "query")["hits"]

    asked = call("ctx", "resume", hit["trace_id"])

    assert asked.exit_code == 3
    assert "only its prompts are" in asked.stderr


def test_the_document_is_that_of_the_docs(trace: str, document: Document) -> None:
    printed = document("ctx", "resume", trace, "--at-step", "4", "--dry-run")

    assert (printed["written"], printed["worktree"]["writes"]) == (False, ["in/new.py"])
    assert shape(printed) == shape(example("ctx resume"))
