"""An import looks at once for what it kept in what is committed."""

from pathlib import Path

import pytest

from opentraces.entrypoints.cli.trail import asking
from opentraces.entrypoints.settings import Settings
from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import SECOND, Widgets
from tests.integration.program.machine import tree


def session_of(widgets: Widgets, last: int = 1) -> str:
    name = f"0b7d6f3a-0000-4000-8000-00000000000{last}"
    session = widgets.session(name).asks("please", at=10)
    session.adds("a.py", SECOND, at=20).leave()
    return session.name


def test_a_record_names_its_commit_and_no_trail_command_ran(
    widgets: Widgets, call: Call, document: Document
) -> None:
    name = session_of(widgets)
    commit = widgets.commit("Add the second one", at=30)
    assert call("import", "--all").exit_code == 0

    record = document("trace", "get", name)
    (link,) = record["git_links"]
    assert (record["outcome"]["commit_sha"], link["revision"]) == (commit, commit)


def test_a_second_import_finds_it_searched_and_writes_nothing(
    widgets: Widgets, home: Path, call: Call
) -> None:
    session_of(widgets)
    widgets.commit("Add the second one", at=30)
    assert call("import", "--all").exit_code == 0
    before = tree(home / ".opentraces" / "bucket")
    assert before

    assert call("import", "--all").exit_code == 0
    assert call("trail", "status").exit_code == 0

    assert tree(home / ".opentraces" / "bucket") == before


def test_worktrees_of_a_repository_are_searched_once_and_gone_ones_never(
    widgets: Widgets, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix = widgets.folder.with_name("fix")
    git(widgets.folder, "worktree", "add", "--quiet", "-b", "fix", str(fix))
    searched: list[str] = []
    monkeypatch.setattr(asking, "search", lambda settings, opened: searched.append(opened.worktree))

    asking.search_worktrees(Settings.from_environment(), [str(widgets.folder), str(fix), "/gone"])

    assert searched == [str(fix)]


def test_a_repository_that_cannot_be_read_is_named_and_the_session_is_kept(
    widgets: Widgets, call: Call
) -> None:
    name = session_of(widgets)
    (widgets.folder / ".git" / "packed-refs").write_text("# pack-refs\nno line of it\n")

    done = call("import", "--all")

    assert done.exit_code == 0
    assert "history could not be searched" in done.stderr
    assert call("trace", "get", name).exit_code == 0
