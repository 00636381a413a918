"""Orders, counts and pages of answers, through the program."""

import re
import shlex
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import SECOND, Widgets

DOCS = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


def plain(text: str) -> str:
    """A text without what differs each time: how long it took, and the zone of the reader."""
    return re.sub(
        r"\b[A-Z][a-z]{2} \d\d \d\d:\d\d\b", "(when)", re.sub(r"\d+\.\d ms", "(ms)", text)
    )


def test_the_documented_answer_is_what_is_printed(kept: Path, call: Call) -> None:
    section = DOCS.split("\n## `opentraces trace query")[1].split("\n## ")[0]
    command, _, shown = section.split("```\n$ opentraces ")[1].split("\n```")[0].partition("\n")

    assert plain(call(*shlex.split(command)).stdout) == plain(f"{shown}\n")


def test_the_command_that_is_shown_goes_on(kept: Path, call: Call, document: Document) -> None:
    every = [hit["trace_id"] for hit in document("trace", "query", "TASK-MAIN")["hits"]]
    first = call("trace", "query", "TASK-MAIN", "--limit", "1").stdout
    command = shlex.split(first.splitlines()[-1].removeprefix("Next  opentraces "))
    second = orjson.loads(call(*command[:-2], "--json", *command[-2:]).stdout)

    assert len(every) == 2
    assert [hit["trace_id"] for hit in second["hits"]] == every[1:]
    assert second["next"] is None
    assert call(*command).stdout.startswith("2 traces, the next 1 · ")


def test_lines_of_json_are_the_hits(kept: Path, call: Call, document: Document) -> None:
    whole = document("trace", "query", "calc", "--sort", "time")
    lines = call("trace", "query", "calc", "--sort", "time", "--jsonl").stdout.splitlines()

    assert [orjson.loads(line) for line in lines] == whole["hits"]
    begun = [datetime.fromisoformat(hit["started_at"]) for hit in whole["hits"]]
    assert len(begun) == 2
    assert begun == sorted(begun, reverse=True)


def test_traces_are_counted(kept: Path, document: Document) -> None:
    counted = document("trace", "query", "--facet", "agent", "--facet", "tool", "--limit", "0")

    assert counted["hits"] == []
    assert counted["facets"]["agent"] == [{"value": "claude-code", "traces": 2}]
    assert {"value": "Bash", "traces": 2} in counted["facets"]["tool"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--after", "nothing"],
        ["--after", "c.1.2.a1f3c2d4-5b0e-5c55-9d2e-6f0b3a8c7e11"],
        ["--jsonl", "--facet", "tool"],
    ],
)
def test_what_makes_no_sense_is_refused(kept: Path, call: Call, arguments: list[str]) -> None:
    said = call("trace", "query", *arguments)

    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.startswith("opentraces: ")


def test_traces_are_found_by_what_they_have(kept: Path, document: Document) -> None:
    def named(text: str) -> set[str]:
        return {hit["project"] for hit in document("trace", "query", text)["hits"]}

    assert named("has:patch") == {"edit-commit", "subagent"}
    assert named("has:subagent") == {"subagent"}
    assert named("has:error") == {"edit-commit"}
    assert named("tokens:>1") == {"edit-commit", "subagent"}
    assert named('command:"git commit"') == {"edit-commit"}


def test_a_commit_is_found_by_its_subject_and_id_once_it_is_known(
    home: Path, document: Document, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    widgets = Widgets(home.resolve() / "widgets", home)
    widgets.session().asks("more", at=10).adds("a.py", SECOND, at=20).leave()
    document("import", "--all")
    commit = widgets.commit("Teach quibblefrost to count", at=30)
    assert document("trace", "query", "quibblefrost")["total"] == 0
    monkeypatch.chdir(widgets.folder)
    from_there = call("trail", "status")
    assert from_there.exit_code == 0

    (hit,) = document("trace", "query", "quibblefrost")["hits"]
    assert hit["matches"] == [
        {
            "ref": hit["trace_id"],
            "role": "commit",
            "snippet": "Teach «quibblefrost» to count",
        }
    ]
    for text in ("has:commit", f"commit:{commit[:7]}", "branch:main has:patch", "repo:nowhere"):
        assert document("trace", "query", text)["total"] == (text != "repo:nowhere")
