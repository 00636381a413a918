"""`trail blame`: line, step, prompt; or why nobody is named."""

from pathlib import Path

import orjson
import pytest

from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import SECOND, THIRD, Widgets


def test_a_line_has_its_step_and_the_prompt_that_led_there(
    trace: str, widgets: Widgets, call: Call
) -> None:
    said = call("trail", "blame", "a.py:9")

    assert (said.exit_code, said.stderr) == (0, "")
    line, step, prompt = said.stdout.splitlines()
    assert line == "9      return number + first_of_all()"
    facts = step.split()
    short = orjson.loads(call("trace", "get", trace, "--json").stdout)["trace_id"][:8]
    head = git(widgets.folder, "rev-parse", "HEAD")
    assert facts[:2] == [f"{short}:2", "claude-code"]
    assert facts[-3:] == ["exact_blob_hash", "commit", head[:8]]
    assert prompt.strip() == (
        "asked for in :1  “please add the second one it belongs behind the first”"
    )


def test_a_line_of_nobody_has_a_reason(trace: str, call: Call) -> None:
    said = call("trail", "blame", "a.py:1").stdout.splitlines()

    assert said[0] == "1  import os"
    assert said[1].startswith("    nobody we kept wrote this: no_session_at_time (commit ")
    assert said[1].endswith(", 2026-11-01)")


def test_each_line_is_somebody_s_or_has_a_reason(
    trace: str, widgets: Widgets, document: Document
) -> None:
    said = document("trail", "blame", "a.py")

    first, head = git(widgets.folder, "rev-list", "--reverse", "HEAD").split()
    record = document("trace", "get", trace)
    (patch,) = [each for each in record["patches"] if each["file_path"] == "a.py"]
    assert said["file"] == "a.py"
    assert [each["line"] for each in said["lines"]] == list(range(1, 10))
    assert said["lines"][0] == {
        "line": 1,
        "commit": first,
        "trace_id": None,
        "step": None,
        "tool_call_id": None,
        "tier": None,
        "reason": "no_session_at_time",
    }
    assert said["lines"][8] == {
        "line": 9,
        "commit": head,
        "trace_id": record["trace_id"],
        "step": patch["step_index"],
        "tool_call_id": patch["tool_call_id"],
        "tier": patch["anchor"]["evidence_tier"],
        "reason": None,
    }


def test_a_range_of_lines(trace: str, document: Document) -> None:
    said = document("trail", "blame", "a.py:4-6")

    assert [each["line"] for each in said["lines"]] == [4, 5, 6]


def test_runs_of_one_step_are_shown_together(trace: str, call: Call) -> None:
    said = call("trail", "blame", "a.py").stdout

    assert said.count("asked for in") == 1
    assert said.count("nobody we kept") == 1


def test_a_commit_s_own_lines(trace: str, widgets: Widgets, document: Document) -> None:
    head = git(widgets.folder, "rev-parse", "HEAD")

    for name in ("HEAD", "main", head[:8]):
        said = document("trail", "blame", name)
        assert said["file"] is None
        assert [(each["path"], each["line"]) for each in said["lines"]] == [
            ("a.py", line) for line in (6, 7, 8, 9)
        ]
        assert {each["commit"] for each in said["lines"]} == {head}


def test_what_is_not_committed_yet_is_held_to_the_same_evidence(
    trace: str, widgets: Widgets, document: Document, call: Call
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("a third", at=60)
    session.adds("a.py", THIRD, at=61).leave()
    call("import", "--all")

    line = document("trail", "blame", "a.py:13")["lines"][0]

    assert (line["commit"], line["reason"]) == (None, None)
    assert line["trace_id"] == document("trace", "get", session.name)["trace_id"]
    assert "not committed" in call("trail", "blame", "a.py:13").stdout


def test_after_amend_and_rebase_it_names_the_same_step(
    trace: str, widgets: Widgets, document: Document
) -> None:
    before = document("trail", "blame", "a.py:9")["lines"][0]
    git(widgets.folder, "checkout", "--quiet", "-b", "base", "HEAD~1")
    (widgets.folder / "README").write_text("another text altogether\n")
    git(widgets.folder, "add", "README")
    widgets.git_at(50, "commit", "--quiet", "--message", "Say more")
    git(widgets.folder, "checkout", "--quiet", "main")
    widgets.git_at(60, "rebase", "--quiet", "base")
    widgets.git_at(61, "commit", "--quiet", "--amend", "--message", "Add another one")

    after = document("trail", "blame", "a.py:9")["lines"][0]

    assert after["commit"] not in (before["commit"], None)
    assert after == {**before, "commit": after["commit"], "tier": after["tier"]}
    shown = document("trail", "show", f"{trace}:2")["patches"][0]["commits"]
    assert shown[-1]["commit"] == after["commit"]
    assert [each["replaced_by"] is None for each in shown] == [*[False] * (len(shown) - 1), True]


def test_a_name_is_taken_from_where_we_stand(
    trace: str, widgets: Widgets, document: Document, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (widgets.folder / "deep").mkdir()
    monkeypatch.chdir(widgets.folder / "deep")
    assert document("trail", "blame", "../a.py:9")["lines"][0]["step"] == 2

    monkeypatch.chdir(home)
    for name in ("widgets/a.py:9", str(widgets.folder / "a.py:9")):
        assert document("trail", "blame", name)["lines"][0]["step"] == 2


def test_a_file_may_have_a_colon_in_its_name(
    trace: str, widgets: Widgets, document: Document
) -> None:
    (widgets.folder / "odd:7").write_text("one line of it\n")
    widgets.commit("Add an odd one", at=50)

    assert document("trail", "blame", "odd:7")["file"] == "odd:7"
    assert [each["line"] for each in document("trail", "blame", "odd:7:1")["lines"]] == [1]


def test_a_file_is_meant_before_a_commit(trace: str, widgets: Widgets, document: Document) -> None:
    (widgets.folder / "main").write_text("a file that is called as the branch\n")
    widgets.commit("Add it", at=50)

    assert document("trail", "blame", "main")["file"] == "main"


def test_an_empty_file_has_no_lines(trace: str, widgets: Widgets, document: Document) -> None:
    (widgets.folder / "empty").write_text("")
    widgets.commit("Add it", at=50)

    assert document("trail", "blame", "empty")["lines"] == []


def test_before_anything_is_kept_nobody_is_named(widgets: Widgets, home: Path, call: Call) -> None:
    said = call("trail", "blame", "a.py", "--json")

    assert said.exit_code == 0
    assert "nothing is kept yet" in said.stderr
    assert {each["reason"] for each in orjson.loads(said.stdout)["lines"]} == {"no_session_at_time"}
    assert not (home / ".opentraces").exists()


def test_what_a_line_holds_is_only_shown(trace: str, widgets: Widgets, call: Call) -> None:
    (widgets.folder / "evil").write_text("\x1b]0;title\x07\x1b[2Jred \u202e line of text\n")
    widgets.commit("Add it", at=50)

    said = call("trail", "blame", "evil").stdout

    assert said.startswith("1  red  line of text\n")


def test_two_sessions_are_told_apart(
    trace: str, widgets: Widgets, document: Document, call: Call
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("a third", at=60)
    session.adds("a.py", THIRD, at=61).leave()
    widgets.commit("Add the third one", at=70)
    call("import", "--all")

    lines = document("trail", "blame", "a.py")["lines"]

    traces = [document("trace", "get", name)["trace_id"] for name in (trace, session.name)]
    assert [lines[8]["trace_id"], lines[12]["trace_id"]] == traces
    assert len(SECOND.splitlines()) == len(THIRD.splitlines()) == 4
