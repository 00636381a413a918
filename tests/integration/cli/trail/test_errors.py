"""What goes wrong is one line that names what was typed, and an exit code."""

import os
from pathlib import Path

import pytest

from tests.git_repositories import git
from tests.integration.cli.conftest import Call
from tests.integration.cli.trail.widgets import SECOND, Widgets

REFUSED = {
    "no such file": (["blame", "nope.py"], 3, "nope.py is no file here, and no commit of"),
    "no such file with a line": (["blame", "nope.py:3"], 3, "nope.py:3 is no file"),
    "no such line": (["blame", "a.py:99"], 3, "a.py has 9 lines: there is no line 99"),
    "line 0": (["blame", "a.py:0"], 2, "they count from 1"),
    "lines backwards": (["blame", "a.py:5-2"], 2, "they count from 1"),
    "a folder": (["blame", "."], 2, ". is a folder"),
    "a file that is not committed": (["blame", "new.py"], 3, "new.py is in no commit"),
    "a range to blame": (["blame", "HEAD~1..HEAD"], 2, "is a range"),
    "no such commit": (["graph", "nope"], 3, "'nope' names no commit of"),
    "no such range": (["pr", "nope..HEAD"], 3, "'nope..HEAD' names no commit of"),
    "an option for a commit": (["pr", "--", "--all"], 3, "'--all' names no commit"),
    "all but one": (["pr", "^HEAD"], 3, "names no commit"),
    "nothing to describe": (["pr"], 2, "missing argument 'RANGE'"),
    "no such trace": (["show", "ffff"], 3, "no trace ffff"),
    "no such step": (["show", "{trace}:99"], 3, "no step 99"),
    "no address": (["show", "x:y"], 2, "an address is"),
    "no such place": (["status", "/no/such/place"], 2, "/no/such/place is no folder"),
    "no repository there": (["status", "/"], 6, "/ is in no git repository"),
}


def one_line_of(stderr: str) -> str:
    assert stderr.startswith("opentraces: ")
    assert stderr.count("\n") == 1
    return stderr


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(arguments: list[str], code: int, message: str, trace: str, call: Call) -> None:
    said = call("trail", *(each.format(trace=trace) for each in arguments))

    assert (said.exit_code, said.stdout) == (code, "")
    assert message in one_line_of(said.stderr)


@pytest.mark.parametrize("arguments", [["blame", "a.py"], ["graph"], ["pr", "HEAD"]])
def test_outside_of_a_repository(
    arguments: list[str], trace: str, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)

    said = call("trail", *arguments)

    assert (said.exit_code, said.stdout) == (6, "")
    assert f"{home} is in no git repository → cd to a checkout" in one_line_of(said.stderr)


def test_a_bare_repository_is_asked_about_its_commits(
    trace: str, widgets: Widgets, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = home.resolve() / "bare.git"
    git(home, "clone", "--quiet", "--bare", str(widgets.folder), str(bare))
    monkeypatch.chdir(bare)

    said = call("trail", "graph")
    blamed = call("trail", "blame", "main")

    assert (said.exit_code, said.stderr) == (0, "")
    assert "Add the second one" in said.stdout
    assert blamed.exit_code == 0
    assert "exact_blob_hash" in blamed.stdout


@pytest.mark.parametrize("arguments", [["blame", "a.py:9"], ["graph"], ["pr", "HEAD"]])
def test_without_git_it_says_so(
    arguments: list[str], trace: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    said = call("trail", *arguments)

    assert (said.exit_code, said.stdout) == (6, "")
    assert "git is not installed" in one_line_of(said.stderr)


def test_a_repository_that_is_damaged_is_named(trace: str, widgets: Widgets, call: Call) -> None:
    for file in (widgets.folder / ".git" / "objects").rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"")

    said = call("trail", "graph")

    assert (said.exit_code, said.stdout) == (6, "")
    assert str(widgets.folder) in one_line_of(said.stderr)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_user_s_repository_is_not_read(trace: str, widgets: Widgets, call: Call) -> None:
    for path in (widgets.folder, *widgets.folder.rglob("*")):
        os.chown(path, 12_345, 12_345)

    said = call("trail", "blame", "a.py")

    assert (said.exit_code, said.stdout) == (6, "")
    assert "another user" in one_line_of(said.stderr)


def test_a_damaged_trail_is_named_when_it_is_asked_for(
    trace: str, widgets: Widgets, call: Call
) -> None:
    bucket = widgets.home / ".opentraces" / "bucket"
    next(bucket.rglob("trail.jsonl.gz")).write_bytes(b"")

    said = call("trail", "show", trace)

    assert (said.exit_code, said.stdout) == (4, "")
    assert "trail.jsonl.gz" in said.stderr
    assert "→ opentraces bucket repair" in said.stderr


def test_a_damaged_bucket_is_named(trace: str, widgets: Widgets, call: Call) -> None:
    description = widgets.home / ".opentraces" / "bucket" / "bucket.json"
    description.write_bytes(description.read_bytes().replace(b"bucket", b"basket"))

    said = call("trail", "blame", "a.py")

    assert (said.exit_code, said.stdout) == (4, "")
    assert "bucket.json is damaged" in said.stderr


def test_what_is_noted_may_be_lost(trace: str, widgets: Widgets, call: Call) -> None:
    before = call("trail", "blame", "a.py", "--json").stdout
    for file in (widgets.home / ".opentraces" / "state").glob("trails.sqlite*"):
        file.unlink()

    assert call("trail", "blame", "a.py", "--json").stdout == before


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 8192])
def test_what_is_noted_may_be_damaged(
    content: bytes, trace: str, widgets: Widgets, call: Call
) -> None:
    before = call("trail", "blame", "a.py", "--json").stdout
    (widgets.home / ".opentraces" / "state" / "trails.sqlite").write_bytes(content)

    said = call("trail", "blame", "a.py", "--json")

    assert said.exit_code in (0, 5)
    assert call("trail", "blame", "a.py", "--json").stdout == before


def test_nothing_that_a_repository_names_is_run(
    trace: str, widgets: Widgets, call: Call, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "gpg.program"),
        *("diff.x.textconv", "diff.x.command", "filter.x.clean", "filter.x.smudge"),
    ):
        git(widgets.folder, "config", key, str(trap))
    git(widgets.folder, "config", "log.showSignature", "true")
    (widgets.folder / ".git" / "info" / "attributes").write_text("* diff=x filter=x\n")

    for arguments in (["blame", "a.py"], ["graph"], ["pr", "HEAD"], ["status"], ["show", trace]):
        assert call("trail", *arguments).exit_code == 0
    assert not (tmp_path / "sprung").exists()


def test_an_import_that_was_interrupted_is_finished_first(
    trace: str, widgets: Widgets, call: Call
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("more", at=60)
    session.adds("a.py", SECOND.replace("second", "other"), at=61).leave()
    call("import", "--all")
    state = widgets.home / ".opentraces" / "state"
    for file in state.glob("trails.sqlite*"):
        file.unlink()

    said = call("trail", "blame", "a.py:13")

    assert (said.exit_code, said.stderr) == (0, "")
    assert "not committed" in said.stdout


def test_nothing_is_left_undone_after_history_was_searched(
    trace: str, widgets: Widgets, call: Call
) -> None:
    dirty = widgets.home / ".opentraces" / "state" / "dirty"
    for number in range(2):
        widgets.commit(f"Commit {number}", at=50 + number)
        (widgets.folder / "a.py").write_text(f"nothing = 'of {number}'\n")

        assert call("trail", "status").exit_code == 0
        assert list(dirty.iterdir()) == []
