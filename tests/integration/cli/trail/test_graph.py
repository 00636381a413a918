"""`trail graph`: commits, and the sessions that wrote their lines."""

import pytest

from opentraces.application.graph_trail import GraphRow, TrailGraph
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.parts import Part
from opentraces.entrypoints.cli.output import Line
from opentraces.entrypoints.cli.views.trail_graph import graph_lines
from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import THIRD, Widgets


def test_commits_come_with_their_sessions_the_newest_first(
    trace: str, widgets: Widgets, call: Call
) -> None:
    newer, older = git(widgets.folder, "rev-list", "HEAD").split()

    said = call("trail", "graph")

    assert (said.exit_code, said.stderr) == (0, "")
    first, session, second = said.stdout.splitlines()
    assert first == f"* {newer[:8]} Add the second one"
    assert session.split() == [
        "|",
        session.split()[1],
        "claude-code",
        "4",
        "lines",
        "exact_blob_hash",
    ]
    assert second == f"* {older[:8]} Begin widgets"


def test_the_document_has_lines_ties_files_and_steps(
    trace: str, widgets: Widgets, document: Document
) -> None:
    newer, older = document("trail", "graph")["commits"]

    assert newer["parents"] == [older["commit"]]
    assert (older["parents"], older["sessions"]) == ([], [])
    assert newer["sessions"] == [
        {
            "trace_id": document("trace", "get", trace)["trace_id"],
            "agent": "claude-code",
            "lines": 4,
            "tiers": {"exact_blob_hash": 4},
            "files": ["a.py"],
            "steps": [2],
        }
    ]


def test_a_range_and_a_name(trace: str, widgets: Widgets, document: Document) -> None:
    assert len(document("trail", "graph", "HEAD~1..HEAD")["commits"]) == 1
    assert document("trail", "graph", "HEAD..HEAD")["commits"] == []
    assert [each["subject"] for each in document("trail", "graph", "HEAD~1")["commits"]] == [
        "Begin widgets"
    ]


def test_the_last_twenty_without_a_range(trace: str, widgets: Widgets, document: Document) -> None:
    for number in range(22):
        widgets.git_at(100 + number, "commit", "--quiet", "--allow-empty", "--message", f"{number}")

    subjects = [each["subject"] for each in document("trail", "graph")["commits"]]

    assert subjects == [str(number) for number in range(21, 1, -1)]
    assert len(document("trail", "graph", "HEAD~23..HEAD")["commits"]) == 23


def test_before_the_first_commit_there_are_none(
    widgets: Widgets, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    unborn = widgets.folder / "unborn"
    unborn.mkdir()
    git(unborn, "init", "--quiet")
    monkeypatch.chdir(unborn)

    said = call("trail", "graph")

    assert (said.exit_code, said.stdout) == (0, "no commits\n")


def test_two_sessions_of_one_commit(
    trace: str, widgets: Widgets, document: Document, call: Call
) -> None:
    git(widgets.folder, "reset", "--quiet", "--soft", "HEAD~1")
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("a third", at=60)
    session.adds("a.py", THIRD, at=61).leave()
    widgets.commit("Add the others", at=70)
    call("import", "--all")

    head = document("trail", "graph")["commits"][0]

    assert sorted((each["lines"], each["files"]) for each in head["sessions"]) == [
        (4, ["a.py"]),
        (5, ["a.py", "new.py"]),
    ]


def test_a_subject_is_only_shown(trace: str, widgets: Widgets, call: Call) -> None:
    message = "\x1b]0;t\x07evil \x1b[2Jsubject"
    widgets.git_at(50, "commit", "--quiet", "--allow-empty", "--message", message)

    assert " evil subject\n" in call("trail", "graph").stdout


@pytest.mark.parametrize("columns", [40, 80])
def test_it_fits_the_terminal(columns: int) -> None:
    brief = CommitBrief(CommitId("7d1e0aa3" * 5), (), 0, "word " * 40)
    tiers = {"exact_range_hash": 12_345, "formatter_divergent": 12_345, "patch_id": 3}
    part = Part(TraceId("a1f3c2d4-5b0e-5c55-9d2e-6f0b3a8c7e11"), 24_693, tiers, (), ())  # type: ignore[arg-type]
    graph = TrailGraph((GraphRow(brief, (part,)),), {part.trace: "claude-code"})

    found = ["".join(line) for line in graph_lines(graph, columns)]

    assert max(map(len, found)) == columns
    assert found[0].startswith("* 7d1e0aa3 word")
    assert found[1].startswith("| a1f3c2d4  claude-code")


def test_without_a_terminal_nothing_is_cut() -> None:
    brief = CommitBrief(CommitId("7d1e0aa3" * 5), (), 0, "word " * 40)

    rows: list[Line] = list(graph_lines(TrailGraph((GraphRow(brief, ()),), {}), None))

    assert "".join(rows[0]).count("word") == 40
