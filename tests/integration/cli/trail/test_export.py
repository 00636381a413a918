"""`export --format agent-trace`: whose lines commits hold, as other programs read it."""

from pathlib import Path

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from tests.git_repositories import git
from tests.integration.cli.conftest import Call
from tests.integration.cli.trail.widgets import Widgets

SCHEMA = Path(__file__).parents[3] / "data" / "agent-trace" / "trace-record-0.1.0.json"
AGENT_TRACE = ("--format", "agent-trace")


def test_a_commit_is_one_line_that_the_published_schema_takes(
    trace: str, widgets: Widgets, call: Call
) -> None:
    validator = Draft202012Validator(
        orjson.loads(SCHEMA.read_bytes()), format_checker=FormatChecker()
    )

    said = call("export", trace, *AGENT_TRACE)

    assert (said.exit_code, said.stderr) == (0, "")
    [record] = map(orjson.loads, said.stdout.splitlines())
    validator.validate(record)
    assert record["vcs"]["revision"] == git(widgets.folder, "rev-parse", "HEAD")
    [file] = record["files"]
    assert file["path"] == "a.py"
    [conversation] = file["conversations"]
    assert conversation["url"].endswith("/step_2")
    assert conversation["ranges"] == [{"start_line": 6, "end_line": 9}]


def test_the_same_evidence_is_the_same_record(trace: str, call: Call) -> None:
    first, again = (call("export", trace, *AGENT_TRACE).stdout for _ in range(2))

    assert first == again


def test_an_amended_commit_is_a_record_of_its_own(trace: str, widgets: Widgets, call: Call) -> None:
    call("export", trace, *AGENT_TRACE)
    widgets.git_at(60, "commit", "--quiet", "--amend", "--message", "Say it better")

    records = [
        orjson.loads(line) for line in call("export", trace, *AGENT_TRACE).stdout.splitlines()
    ]

    assert len({record["id"] for record in records}) == 2
    assert records[-1]["vcs"]["revision"] == git(widgets.folder, "rev-parse", "HEAD")


def test_without_evidence_nothing_is_printed_and_that_is_said(widgets: Widgets, call: Call) -> None:
    session = widgets.session().asks("write it", at=10)
    session.writes("new.py", "never_committed_so_far = 12345678\n", at=20).leave()
    assert call("import", "--all").exit_code == 0

    said = call("export", session.name, *AGENT_TRACE)

    assert (said.exit_code, said.stdout) == (0, "")
    assert "no commit is known that holds lines of" in said.stderr


def test_a_trace_that_is_not_kept_is_named(widgets: Widgets, call: Call) -> None:
    said = call("export", "a1f3c2d4", *AGENT_TRACE)

    assert said.exit_code != 0
    assert "a1f3c2d4" in said.stderr
    assert said.stdout == ""
