"""What was used in real sessions of all agents, counted by hand in what they wrote."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.test_help import section
from tests.integration.cli.test_json_contract import example, shape
from tests.integration.cli.trail.widgets import SECOND, Widgets

DATA = Path(__file__).parents[2] / "data"
LOADED = "Base directory for this skill: /home/dev/.claude/skills/tidy\n\nTidy the code.\n"


def typed(command: str) -> str:
    return f"<command-message>{command}</command-message>\n<command-name>/{command}</command-name>"


def rows(document: Document, *arguments: str) -> dict[str, dict[str, Any]]:
    """Each row, by its kind and name."""
    used = document("trace", "skills", *arguments)["skills"]
    return {f"{row.pop('kind')} {row.pop('name')}": row for row in used}


def numbers(document: Document, *arguments: str) -> dict[str, tuple[int, int, int]]:
    """How often each thing was used, in how many traces, and how often it failed."""
    return {
        name: (row["invocations"], row["traces"], row["errors"])
        for name, row in rows(document, *arguments).items()
    }


@pytest.mark.parametrize(
    ("names", "used"),
    [
        (
            ["claude-code-requests/skills/projects"],
            {
                "skill greet": (2, 1, 0),
                "tool Bash": (2, 2, 0),
                "command hey": (1, 1, 0),
                "tool Skill": (1, 1, 0),
            },
        ),
        (
            ["claude-code-requests/typed/projects"],
            {
                "tool Bash": (3, 1, 1),
                "command compact": (1, 1, 0),
                "command exit": (1, 1, 0),
                "command hey": (1, 1, 0),
            },
        ),
        (
            ["claude-code-skills/projects"],
            {
                "mcp notes": (3, 1, 1),
                "tool mcp__notes__add_note": (2, 1, 1),
                "command mcp__notes__sum_up": (1, 1, 0),
                "command no-such-command": (1, 1, 1),
                "skill no-such": (1, 1, 1),
                "skill tidy": (1, 1, 0),
                "tool Skill": (1, 1, 1),
            },
        ),
        (
            ["claude-code/edit_commit/projects"],
            {
                "tool Bash": (4, 1, 1),
                "tool Write": (3, 1, 1),
                "tool Edit": (2, 1, 1),
                "tool Read": (2, 1, 0),
                "tool Glob": (1, 1, 1),
                "tool Grep": (1, 1, 1),
                "tool TodoWrite": (1, 1, 1),
            },
        ),
        (
            ["codex-cli/edit", "codex-cli/codemode", "codex-cli/subagent_v2"],
            {
                "tool exec_command": (9, 3, 2),
                "tool exec": (5, 2, 1),
                "tool apply_patch": (4, 2, 1),
                "tool collaboration.spawn_agent": (1, 1, 0),
                "tool collaboration.wait_agent": (1, 1, 0),
            },
        ),
        (
            ["pi/0.87.1/s1_edit_commit"],
            {
                "tool bash": (3, 1, 1),
                "tool edit": (3, 1, 1),
                "tool read": (1, 1, 0),
                "tool write": (1, 1, 0),
            },
        ),
        (
            ["codex-cli-skills"],
            {
                "mcp notes": (3, 2, 1),
                "tool mcp__notes__add_note": (3, 2, 1),
                "skill tidy": (2, 2, 0),
                "tool exec": (2, 1, 0),
                "tool exec_command": (2, 2, 0),
            },
        ),
        (
            ["pi-skills"],
            {"skill tidy": (2, 1, 0), "tool bash": (1, 1, 0), "tool read": (1, 1, 0)},
        ),
        (
            ["hermes/trajectory_samples.jsonl"],
            {
                "tool terminal": (2, 1, 1),
                "tool read_file": (1, 1, 0),
                "tool write_file": (1, 1, 0),
            },
        ),
    ],
    ids=lambda value: value[0].partition("/")[0] if isinstance(value, list) else "",
)
def test_real_sessions_used_what_their_lines_say(
    names: list[str], used: dict[str, tuple[int, int, int]], call: Call, document: Document
) -> None:
    assert call("import", *(str(DATA / name) for name in names)).exit_code == 0

    found = numbers(document)

    assert found == used
    assert list(found) == list(used)


def test_a_resumed_and_forked_session_counts_what_it_copied_once(
    call: Call, document: Document
) -> None:
    """Four files hold 2 Read, 2 Edit and 4 commands of their own; all else in them are copies."""
    call("import", str(DATA / "claude-code" / "resume" / "projects"))
    lines = [
        line
        for file in (DATA / "claude-code" / "resume").rglob("*.jsonl")
        for line in file.read_text().splitlines()
    ]
    calls = {
        part[:40].partition('"')[0] for line in lines for part in line.split('"id":"toolu_')[1:]
    }

    found = numbers(document, "--kind", "tool")

    assert sum(used for used, _, _ in found.values()) == len(calls)


@pytest.fixture
def widgets(home: Path, call: Call) -> Widgets:
    """A repository in which two sessions worked, the first with a skill and a server."""
    made = Widgets(home.resolve() / "widgets", home)
    first = made.session().asks(typed("tidy"), at=10).loads(LOADED, at=11)
    first.adds("a.py", SECOND, at=20).calls("Bash", at=21, command="make check", fails=True)
    made.commit("Tidy up", at=30)
    first.writes("notes.txt", "what is left to be done\n", at=40)
    first.asks("Look for the issue", at=50)
    first.calls("mcp__github__search_issues", at=51, query="crash")
    first.calls("mcp__github__get_issue", at=52, fails=True, number="12")
    first.asks(typed("compact"), at=60).leave()
    other = made.session("0b7d6f3a-0000-4000-8000-000000000002").asks("Once more", at=100)
    other.calls("Skill", at=101, skill="tidy").calls("Bash", at=102, command="make").leave()
    assert call("import", "--all").exit_code == 0
    return made


def test_it_shows_how_often_and_how_it_went(widgets: Widgets, document: Document) -> None:
    assert rows(document)["skill tidy"] == {
        "invocations": 2,
        "traces": 2,
        "errors": 0,
        "errors_after": 1,
        "edits": 2,
        "edits_kept": 1,
        "folders": [str(widgets.folder)],
    }
    assert numbers(document) == {
        "mcp github": (2, 1, 1),
        "skill tidy": (2, 2, 0),
        "tool Bash": (2, 2, 1),
        "command compact": (1, 1, 0),
        "tool Edit": (1, 1, 0),
        "tool Skill": (1, 1, 0),
        "tool Write": (1, 1, 0),
        "tool mcp__github__get_issue": (1, 1, 1),
        "tool mcp__github__search_issues": (1, 1, 0),
    }


def test_the_example_of_the_docs_is_what_is_printed(widgets: Widgets, call: Call) -> None:
    lines = section("`opentraces trace skills`")
    at = lines.index("````text")
    shown = [line.removeprefix("    ") for line in lines[at + 2 : lines.index("````", at)]]

    assert lines[at + 1] == "$ opentraces trace skills"
    assert shown == call("trace", "skills").stdout.splitlines()


def test_the_document_has_the_keys_of_the_docs(widgets: Widgets, document: Document) -> None:
    printed = document("trace", "skills")

    assert shape(printed) == shape(example("trace skills"))
    assert printed["schema_version"] == "1"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--kind", "skill"], ["skill tidy"]),
        (["--kind", "mcp"], ["mcp github"]),
        (["--limit", "1"], ["mcp github", "skill tidy", "tool Bash", "command compact"]),
        (["--agent", "pi"], []),
        (["--project", "gadgets"], []),
        (["--since", "2026-11-01T10:01:30+00:00", "--kind", "tool"], ["tool Bash", "tool Skill"]),
        (["--since", "2026-11-02"], []),
    ],
)
def test_it_may_be_narrowed(
    widgets: Widgets, document: Document, arguments: list[str], names: list[str]
) -> None:
    assert list(numbers(document, *arguments)) == names


def test_what_was_counted_before_a_commit_is_counted_anew_once_it_is_found(
    widgets: Widgets, call: Call, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows(document)["skill tidy"]["edits_kept"] == 1

    widgets.commit("Add notes", at=200)
    monkeypatch.chdir(widgets.folder)
    assert call("trail", "status").exit_code == 0

    assert rows(document)["skill tidy"]["edits_kept"] == 2


def test_sums_that_are_lost_or_damaged_are_made_again(
    widgets: Widgets, home: Path, document: Document
) -> None:
    before = rows(document)
    file = home / ".opentraces" / "state" / "uses"
    stored = file.read_bytes()

    file.write_bytes(stored.replace(b"tidy", b"tiny"))
    assert rows(document) == before
    assert file.read_bytes() == stored
    file.unlink()
    assert rows(document) == before


def test_a_deleted_trace_is_nowhere_any_more(
    widgets: Widgets, home: Path, call: Call, document: Document
) -> None:
    rows(document)
    assert call("trace", "delete", "0b7d6f3a-0000-4000-8000-000000000001", "--yes").exit_code == 0

    assert b"github" not in (home / ".opentraces" / "state" / "uses").read_bytes()
    assert numbers(document)["skill tidy"] == (1, 1, 0)


def test_a_damaged_trace_is_named_and_the_others_count(
    widgets: Widgets, home: Path, call: Call
) -> None:
    steps = next((home / ".opentraces" / "bucket" / "traces").rglob("steps.jsonl.gz"))
    data = bytearray(steps.read_bytes())
    data[len(data) // 2] ^= 1
    steps.write_bytes(data)

    said = call("trace", "skills")

    assert said.exit_code == 0
    assert said.stdout.startswith("1 session · ")
    assert said.stderr == (
        f"opentraces: damaged, not counted: {steps.parent.name[:8]} → opentraces bucket verify\n"
    )


def test_where_nothing_is_kept_it_says_so(call: Call, document: Document) -> None:
    said = call("trace", "skills")

    assert (said.exit_code, said.stdout) == (0, "0 sessions · nothing was used\n")
    assert said.stderr == "opentraces: nothing is kept yet → opentraces import --all\n"
    assert document("trace", "skills") == {"schema_version": "1", "skills": []}


def test_names_are_harmless_on_a_terminal(home: Path, call: Call) -> None:
    made = Widgets(home.resolve() / "widgets", home)
    made.session().asks("Hi", at=10).calls("\x1b[31mmcp__a\u202e__b\nc", at=11).leave()
    call("import", "--all")

    assert "mcp__a__b c" in call("trace", "skills").stdout
    assert "\x1b" not in call("trace", "skills").stdout


def test_without_room_to_remember_it_counts_all_the_same(
    widgets: Widgets, home: Path, call: Call
) -> None:
    shutil.rmtree(home / ".opentraces" / "state" / "uses", ignore_errors=True)
    (home / ".opentraces" / "state" / "uses").mkdir()

    said = call("trace", "skills")

    assert (said.exit_code, said.stdout.partition(" ·")[0]) == (0, "2 sessions")
    assert said.stderr.startswith("opentraces: it will be counted again next time: ")
