"""What happened in a session, as it is shown and as JSON."""

from pathlib import Path

import pytest

from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.test_help import section
from tests.integration.cli.test_json_contract import example, shape
from tests.integration.cli.trail.widgets import SECOND, Widgets

FAILED = "E   assert 1 == 2\n=== 1 failed, 2 passed in 0.12s ===\n"
PASSED = "=== 3 passed in 0.10s ===\n"
LISTING = "".join(f"unread{n:04} " for n in range(1200))
NAME = "0b7d6f3a-0000-4000-8000-000000000001"


@pytest.fixture
def widgets(home: Path, monkeypatch: pytest.MonkeyPatch) -> Widgets:
    """A repository that we stand in."""
    made = Widgets(home.resolve() / "widgets", home)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def mapped(widgets: Widgets, call: Call) -> str:
    """A session with two requests, which is kept: its own id."""
    (
        widgets.session(NAME)
        .asks("Add a second function, and test it", at=10)
        .calls("Read", at=11, file_path=str(widgets.folder / "a.py"))
        .runs("cat listing.txt", LISTING, at=12)
        .adds("a.py", SECOND, at=13)
        .runs("pytest -q", f"Exit code 1\n{FAILED}", at=14, fails=True)
        .runs("pytest -q", f"Exit code 1\n{FAILED}", at=15, fails=True)
        .edits("a.py", "number + first", "number - first", at=16)
        .runs("pytest -q", PASSED, at=17)
        .runs(
            "git commit -am 'Add a second function'", "[main 7d1e0aa] Add a second function", at=18
        )
        .says("It is added, tested and committed.", at=19)
        .asks("Describe it in the README", at=80)
        .adds("README", "It has a second function.\n", at=141)
        .says("Described.", at=142)
        .leave()
    )
    assert call("import", "--all").exit_code == 0
    return NAME


@pytest.mark.parametrize("option", ["", " --bursts", " --waste"])
def test_the_examples_of_the_docs_are_what_is_printed(
    mapped: str, call: Call, document: Document, option: str
) -> None:
    lines = section("`opentraces trace map TRACE`")
    short = document("trace", "map", mapped)["trace_id"][:8]
    start = lines.index(f"$ opentraces trace map a1f3c2d4{option}") + 1
    shown = lines[start : start + lines[start:].index("````")]

    printed = call("trace", "map", mapped, *option.split()).stdout.replace(short, "a1f3c2d4")

    assert [line.rstrip() for line in printed.splitlines()] == [
        line.removeprefix("    ").rstrip() for line in shown
    ]


@pytest.mark.parametrize("options", ["", " --bursts", " --waste"])
def test_the_json_has_the_shape_that_the_docs_say(
    mapped: str, document: Document, options: str
) -> None:
    printed = document("trace", "map", mapped, *options.split())

    said = example(f"trace map{options}")
    assert list(printed) == list(said)
    for key in ("requests", "bursts", "waste"):
        assert shape(printed.get(key)) == shape(said.get(key))


def test_one_answer_may_hold_bursts_and_waste(mapped: str, document: Document) -> None:
    assert list(document("trace", "map", mapped, "--bursts", "--waste")) == [
        "schema_version",
        "trace_id",
        "bursts",
        "waste",
    ]


def test_runs_of_tests_and_survival_stand_in_their_burst(
    mapped: str, widgets: Widgets, call: Call, document: Document
) -> None:
    commit = widgets.commit("Add a second function", at=200)
    assert call("trail", "show", mapped).exit_code == 0

    first, second = document("trace", "map", mapped, "--bursts")["bursts"]

    assert [(run["passed"], run["failed"], run["is_good"]) for run in first["tests"]] == [
        (2, 1, False),
        (2, 1, False),
        (3, 0, True),
    ]
    assert second["tests"] == []
    commits = {each["file"]: each["commits"] for each in (*first["patches"], *second["patches"])}
    assert commits == {"a.py": [commit], "README": [commit]}


def test_a_session_without_steps_is_mapped(call: Call, widgets: Widgets) -> None:
    widgets.session(NAME).asks("Only a prompt", at=10).leave()
    assert call("import", "--all").exit_code == 0

    shown = call("trace", "map", NAME, "--bursts", "--waste")

    assert shown.exit_code == 0
    assert "Only a prompt" in shown.stdout
    assert "nothing was read twice" in shown.stdout
