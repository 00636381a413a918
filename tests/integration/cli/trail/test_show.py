"""`trail show`: what a trace changed, and what became of it."""

import shutil
from pathlib import Path

import pytest

from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import BEGINNING, SECOND, Widgets


def test_each_patch_has_its_commit_and_what_is_left(
    trace: str, widgets: Widgets, call: Call
) -> None:
    head = git(widgets.folder, "rev-parse", "HEAD")

    said = call("trail", "show", trace)

    assert (said.exit_code, said.stderr) == (0, "")
    first, _, edit, commit, left, _, write, pending = said.stdout.splitlines()
    title, tally = "please add the second one it belongs behind the first", "1 anchored · 1 pending"
    assert first.endswith(f" · {title} · 2 patches · {tally}")
    assert edit == ":2    edit   a.py  +4 \N{MINUS SIGN}0"
    assert commit == f"      commit {head[:8]} Add the second one  4 lines  exact_blob_hash"
    assert left == "      all of it is still there"
    assert write == ":3    write  new.py  +1 \N{MINUS SIGN}0"
    assert pending == "      in no commit that was searched"


def test_of_one_step_the_lines_are_shown(trace: str, call: Call) -> None:
    said = call("trail", "show", f"{trace}:2").stdout

    assert said.splitlines()[0].split(" ")[0].endswith(":2")
    assert "    +def second_of_all(number):\n" in said
    assert "    @@ -" in said
    assert "new.py" not in said
    assert "    +never_committed_so_far = 12345678\n" in call("trail", "show", f"{trace}:3").stdout


def test_of_several_steps_or_all_they_are_not(trace: str, call: Call) -> None:
    for address in (trace, f"{trace}:1-3"):
        assert "+def second" not in call("trail", "show", address).stdout


def test_the_document_agrees_with_the_record(trace: str, document: Document) -> None:
    shown = document("trail", "show", trace)
    record = document("trace", "get", trace)

    assert shown["trace_id"] == record["trace_id"]
    assert [
        (each["patch_id"], each["step"], each["tool_call_id"]) for each in shown["patches"]
    ] == [
        (each["patch_id"], each["step_index"], each["tool_call_id"]) for each in record["patches"]
    ]
    edit, write = shown["patches"]
    assert edit["commits"][0]["commit"] == record["patches"][0]["anchor"]["commit_sha"]
    assert edit["survival"] == {"state": "alive", "kept": 4, "written": 4}
    assert (write["state"], write["commits"], write["survival"]) == ("pending", [], None)
    assert edit["hunks"] is None
    (hunk,) = document("trail", "show", f"{trace}:3")["patches"][0]["hunks"]
    assert hunk == {
        "old_start": 0,
        "new_start": 1,
        "lines": ["+never_committed_so_far = 12345678"],
    }


def test_a_step_without_changes_has_none(trace: str, document: Document, call: Call) -> None:
    assert document("trail", "show", f"{trace}:1")["patches"] == []
    assert "0 patches" in call("trail", "show", f"{trace}:1").stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{BEGINNING}{SECOND.replace('first_of_all()', '8')}", "3 of 4 lines are still there"),
        ("everything = 'another text'\n", "nothing of it is left"),
    ],
)
def test_what_is_left_is_told(
    trace: str, widgets: Widgets, call: Call, text: str, words: str
) -> None:
    (widgets.folder / "a.py").write_text(text)
    widgets.commit("Change it", at=50)

    assert words in call("trail", "show", f"{trace}:2").stdout


def test_a_revert_is_told(trace: str, widgets: Widgets, call: Call) -> None:
    widgets.git_at(50, "revert", "--no-edit", "HEAD")

    assert "taken back by a revert" in call("trail", "show", f"{trace}:2").stdout


def test_from_anywhere_the_session_s_repository_is_searched(
    trace: str, home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)

    assert document("trail", "show", trace)["patches"][0]["state"] == "anchored"


def test_without_the_repository_what_was_known_is_told(
    trace: str, widgets: Widgets, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("trail", "status")
    monkeypatch.chdir(home)
    shutil.rmtree(widgets.folder)

    said = call("trail", "show", trace)

    assert said.exit_code == 0
    assert f"repository is not at {widgets.folder} → cd to a checkout of it" in said.stderr
    assert "1 anchored · 1 pending" in said.stdout
    assert "4 lines  exact_blob_hash" in said.stdout


def test_a_clone_serves_as_well(
    trace: str,
    widgets: Widgets,
    home: Path,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git(home, "clone", "--quiet", str(widgets.folder), "elsewhere")
    shutil.rmtree(widgets.folder)
    monkeypatch.chdir(home / "elsewhere")

    said = call("trail", "show", trace)

    assert (said.exit_code, said.stderr) == (0, "")
    assert "Add the second one" in said.stdout


def test_in_another_repository_it_is_not_mistaken_for_the_session_s(
    trace: str, widgets: Widgets, home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Widgets(home.resolve() / "other", home)
    monkeypatch.chdir(other.folder)

    assert document("trail", "show", trace)["patches"][0]["commits"][0]["subject"] == (
        "Add the second one"
    )
