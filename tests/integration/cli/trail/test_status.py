"""`trail status`: each change is one of four, and they add up."""

from pathlib import Path

import orjson
import pytest

from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import THIRD, Widgets


def counts(document: Document, *arguments: str) -> tuple[int, int, int, int]:
    """Anchored, pending, reverted and lost."""
    said = document("trail", "status", *arguments)
    found = (said["anchored"], said["pending"], said["reverted"], said["lost"])
    assert said["patches"] == sum(found)
    return found


def test_what_is_committed_is_anchored_and_the_rest_pending(trace: str, document: Document) -> None:
    assert counts(document) == (1, 1, 0, 0)


def test_a_commit_is_found_without_a_hook(trace: str, widgets: Widgets, document: Document) -> None:
    counts(document)
    widgets.commit("Add the new one", at=50)

    assert counts(document) == (2, 0, 0, 0)


def test_what_a_revert_took_is_reverted(trace: str, widgets: Widgets, document: Document) -> None:
    counts(document)
    widgets.git_at(50, "revert", "--no-edit", "HEAD")

    assert counts(document) == (0, 1, 1, 0)


def test_what_was_rewritten_is_lost(trace: str, widgets: Widgets, document: Document) -> None:
    (widgets.folder / "new.py").unlink()
    (widgets.folder / "a.py").write_text("completely = 'another one'\n")
    widgets.commit("Begin anew", at=50)

    assert counts(document) == (0, 1, 0, 1)


def test_what_is_left_in_part_is_anchored(trace: str, widgets: Widgets, document: Document) -> None:
    file = widgets.folder / "a.py"
    file.write_text(file.read_text().replace("number + first_of_all()", "8"))
    widgets.commit("Shorten", at=50)

    assert counts(document) == (2, 0, 0, 0)


def test_a_repository_without_sessions_has_none(
    trace: str, home: Path, document: Document, call: Call
) -> None:
    other = Widgets(home / "other", home)

    assert counts(document, str(other.folder)) == (0, 0, 0, 0)
    said = call("trail", "status", str(other.folder))
    assert said.stdout.splitlines()[0].startswith("0 patches")


def test_a_file_outside_of_it_does_not_count(
    trace: str, widgets: Widgets, document: Document, call: Call
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("elsewhere", at=60)
    session.writes("../notes.txt", "a note that is nobody's business\n", at=61).leave()
    call("import", "--all")

    assert counts(document) == (1, 1, 0, 0)


def test_it_works_from_any_folder_and_for_any_path(
    trace: str, widgets: Widgets, home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    (widgets.folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(widgets.folder / "deep" / "er")
    assert counts(document) == (1, 1, 0, 0)

    monkeypatch.chdir(home)
    assert counts(document, "widgets") == (1, 1, 0, 0)


def test_another_worktree_has_the_same(
    trace: str, widgets: Widgets, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts(document)
    git(widgets.folder, "worktree", "add", "--quiet", "../beside", "-b", "beside")
    monkeypatch.chdir(widgets.folder.parent / "beside")

    assert counts(document) == (1, 1, 0, 0)


def test_outside_all_repositories_are_told_as_they_were_known(
    trace: str,
    widgets: Widgets,
    home: Path,
    document: Document,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(home)
    widgets.commit("Add the other file", at=50)
    assert counts(document) == (1, 1, 0, 0)

    counts(document, "widgets")
    git(widgets.folder, "branch", "--move", "trunk")

    assert counts(document) == (2, 0, 0, 0)
    said = call("trail", "status").stdout
    assert said.startswith("2 patches  2 anchored")
    assert str(widgets.folder) in said
    assert "commits searched up to Nov 01" in said


def test_several_repositories_are_a_line_each(
    trace: str, widgets: Widgets, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Widgets(home.resolve() / "other", home)
    session = other.session("0b7d6f3a-0000-4000-8000-000000000003").asks("more", at=70)
    session.adds("a.py", THIRD, at=71).leave()
    call("import", "--all")
    monkeypatch.chdir(home)

    said = call("trail", "status").stdout.splitlines()

    assert said[0] == "3 patches  1 anchored · 2 pending  in 2 repositories"
    assert [line for line in said if line.startswith("/")] == [
        f"{widgets.folder}  1 anchored · 1 pending",
        f"{other.folder}  1 pending",
    ]


def test_text_says_it_in_two_lines(trace: str, widgets: Widgets, call: Call) -> None:
    said = call("trail", "status")

    assert (said.exit_code, said.stderr) == (0, "")
    first, second = said.stdout.splitlines()
    assert first == f"2 patches  1 anchored · 1 pending  {widgets.folder}"
    assert second.startswith("of 1 trace; commits searched up to Nov 01 ")


def test_a_fork_s_copied_changes_are_its_parent_s(
    trace: str, widgets: Widgets, document: Document, home: Path, call: Call
) -> None:
    folder = home / ".claude" / "projects" / "-widgets"
    fork = "0b7d6f3a-0000-4000-8000-000000000009"
    text = (folder / f"{trace}.jsonl").read_text()
    (folder / f"{fork}.jsonl").write_text(
        text.replace(f'"sessionId": "{trace}"', f'"sessionId": "{fork}"')
    )
    call("import", "--all")

    assert counts(document) == (1, 1, 0, 0)
    assert document("trail", "show", fork)["patches"] == []


def test_a_damaged_trace_is_named_and_hinders_no_other(
    trace: str, widgets: Widgets, home: Path, call: Call
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("more", at=60)
    session.adds("a.py", THIRD, at=61).leave()
    call("import", "--all")
    call("trail", "status")
    sick = trace_of(call, session.name)
    next((home / ".opentraces" / "bucket").rglob(f"{sick}/trail.jsonl.gz")).write_bytes(b"")

    said = call("trail", "status")

    assert said.exit_code == 0
    assert said.stdout.startswith("2 patches  1 anchored · 1 pending")
    assert f"damaged, not counted: {sick[:8]} → opentraces bucket verify" in said.stderr


def trace_of(call: Call, session: str) -> str:
    """The trace of a session."""
    trace: str = orjson.loads(call("trace", "get", session, "--json").stdout)["trace_id"]
    return trace


def test_second_look_says_the_same(trace: str, document: Document) -> None:
    assert document("trail", "status") == document("trail", "status")
