"""`opentraces setup`: what it says, and what it leaves behind."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from opentraces.entrypoints import hooks as scripts
from opentraces.entrypoints.cli.plain import plain
from tests.integration.cli.conftest import PROGRAM, Call, Document

SETTINGS = b'{\n  "model": "opus",\n  "hooks": {"Stop": [ ]}\n}\n'
SCRIPT = Path(scripts.__path__[0], "claude_code.py").read_bytes()


@pytest.fixture
def settings(home: Path) -> Path:
    """The settings of a user of Claude Code."""
    file = home / ".claude" / "settings.json"
    file.parent.mkdir()
    file.write_bytes(SETTINGS)
    return file


def tree(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_the_first_line_is_the_answer_and_the_last_the_next_step(
    settings: Path, call: Call
) -> None:
    lines = call("setup", "claude-code").stdout.splitlines()

    assert lines[0] == "Hooks     claude-code installed: 12 events → ~/.claude/settings.json"
    size = f"({len(SCRIPT):,} bytes)"
    assert f"          + ~/.claude/hooks/opentraces/claude_code.py {size}" in lines
    assert f"          ~ ~/.claude/settings.json ({settings.stat().st_size:,} bytes)" in lines
    assert "Backup    ~/.claude/hooks/opentraces/settings.before.json" in lines
    assert lines[-1].startswith("Next      opentraces init")


def test_a_second_setup_says_that_there_is_nothing_to_do(
    settings: Path, home: Path, call: Call
) -> None:
    call("setup", "claude-code")
    before = tree(home)
    said = call("setup", "claude-code").stdout

    assert said.startswith("Hooks     claude-code installed already: 12 events → ~/.claude/")
    assert "nothing to do" in said
    assert tree(home) == before


def test_a_removal_gives_back_what_was_there(settings: Path, home: Path, call: Call) -> None:
    before = tree(home)
    call("setup", "claude-code")
    said = call("setup", "claude-code", "--remove")

    assert said.stdout.startswith("Hooks     claude-code removed from ~/.claude/settings.json\n")
    assert "          - ~/.claude/hooks/opentraces/claude_code.py\n" in said.stdout
    assert tree(home) == before
    said = call("setup", "claude-code", "--remove")
    assert said.stdout == "Hooks     claude-code not installed; nothing to do\n"


def test_a_home_that_is_another_is_brought_up_to_date(
    settings: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("setup", "claude-code")
    monkeypatch.setenv("OPENTRACES_HOME", str(home / "elsewhere"))
    said = call("setup", "claude-code").stdout

    assert said.startswith("Hooks     claude-code brought up to date: 12 events → ")
    assert settings.read_bytes().count(f"{home}/elsewhere ".encode()) == 12
    assert f"{home}/.opentraces ".encode() not in settings.read_bytes()


@pytest.mark.parametrize("options", [[], ["--remove"]])
def test_a_dry_run_changes_nothing_and_shows_a_diff_that_can_be_applied(
    options: list[str], settings: Path, home: Path, call: Call
) -> None:
    if options:
        call("setup", "claude-code")
    before = tree(home)
    said = call("setup", "claude-code", "--dry-run", *options).stdout

    assert " claude-code would be " in said.splitlines()[0]
    assert f"Next      opentraces setup claude-code{' --remove' if options else ''}\n" in said
    assert tree(home) == before
    diff = said[said.index("--- ") : said.index("\nNext ")].partition("\n          - ")[0]
    patch = diff.replace(f"--- {home}/", "--- ").replace(f"+++ {home}/", "+++ ")
    patched = home / "copy" / ".claude" / "settings.json"
    patched.parent.mkdir(parents=True)
    patched.write_bytes(settings.read_bytes())
    git = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
    subprocess.run(git, cwd=home / "copy", input=f"{patch}\n".encode(), check=True)
    call("setup", "claude-code", *options)
    assert patched.read_bytes() == settings.read_bytes()


def test_files_that_are_ours_alone_are_listed_by_a_dry_run(settings: Path, call: Call) -> None:
    lines = call("setup", "claude-code", "--dry-run").stdout.splitlines()
    script = "~/.claude/hooks/opentraces/claude_code.py"

    assert f"          + {script} ({len(SCRIPT):,} bytes)" in lines
    call("setup", "claude-code")
    lines = call("setup", "claude-code", "--dry-run", "--remove").stdout.splitlines()
    assert f"          - {script}" in lines


def test_a_file_without_a_newline_at_its_end_is_shown_as_such(settings: Path, call: Call) -> None:
    settings.write_bytes(b'{"a": 1}')

    said = call("setup", "claude-code", "--dry-run").stdout
    assert said.count("\n\\ No newline at end of file\n") == 2


def test_what_a_terminal_obeys_is_not_shown(settings: Path, call: Call) -> None:
    settings.write_bytes('{"a": "\x9b31m\u202eb"}'.encode())

    said = call("setup", "claude-code", "--dry-run").stdout
    assert said == plain(said)


def test_hooks_that_are_switched_off_are_said(settings: Path, call: Call) -> None:
    settings.write_bytes(b'{"disableAllHooks": true}')

    assert "\nOff       " in call("setup", "claude-code").stdout


def test_the_folder_that_the_agent_is_told_is_set_up(
    home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(home / "there"))

    assert document("setup", "claude-code")["hooks"]["settings"] == f"{home}/there/settings.json"
    assert (home / "there" / "hooks" / "opentraces" / "claude_code.py").read_bytes() == SCRIPT


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b'{"a": 1,}', 2, "line 1, column 9: a comma too many before it"),
        (b"{}", 5, "may not be written to → chmod u+w "),
    ],
)
def test_settings_that_cannot_be_edited_are_one_line_of_error(
    data: bytes, code: int, message: str, settings: Path, call: Call
) -> None:
    home = settings.parent.parent
    settings.write_bytes(data)
    settings.chmod(0o444)
    before = tree(home)
    said = call("setup", "claude-code")

    assert (said.exit_code, said.stdout, said.stderr.count("\n")) == (code, "", 1)
    assert said.stderr.startswith(f"opentraces: {settings}")
    assert message in said.stderr
    assert tree(home) == before


def test_json_says_what_a_dry_run_would_change(settings: Path, document: Document) -> None:
    dry = document("setup", "claude-code", "--dry-run")
    done = document("setup", "claude-code")

    assert dry["changes"] == done["changes"]
    assert (dry["hooks"]["events"], len(dry["hooks"]["missing"])) == ([], 12)
    assert (len(done["hooks"]["events"]), done["hooks"]["missing"]) == (12, [])
    assert [change["action"] for change in done["changes"]] == ["create"] * 3 + ["change"]
    assert [bool(change["diff"]) for change in done["changes"]] == [False] * 3 + [True]


def test_hooks_name_the_python_that_ran_the_setup(
    settings: Path, home: Path, document: Document
) -> None:
    run = subprocess.run(
        [*PROGRAM, "setup", "claude-code", "--json"], capture_output=True, check=True
    )
    hooks: dict[str, Any] = orjson.loads(run.stdout)["hooks"]

    assert hooks["interpreter"] == sys.executable
    assert (hooks["home"], hooks["is_for_us"]) == (f"{home}/.opentraces", True)


def test_codex_is_set_up_and_its_user_told_of_trust(home: Path, call: Call) -> None:
    lines = call("setup", "codex-cli").stdout.splitlines()

    assert lines[0] == "Hooks     codex-cli installed: 11 events → ~/.codex/hooks.json"
    trust = "start codex, type /hooks, and trust those of opentraces"
    assert lines[-2] == f"Trust     codex-cli runs no hook unasked: {trust}"
    hooks = orjson.loads((home / ".codex" / "hooks.json").read_bytes())
    assert hooks.keys() == {"hooks"}
    script = home / ".codex" / "hooks" / "opentraces" / "codex_cli.py"
    assert script.read_bytes() == Path(scripts.__path__[0], "codex_cli.py").read_bytes()
    assert "Trust" not in call("setup", "codex-cli", "--remove").stdout
    assert not (home / ".codex" / "hooks.json").exists()


def test_codex_s_own_folder_is_the_one_it_is_told(
    home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(home / "there"))

    assert document("setup", "codex-cli")["hooks"]["settings"] == f"{home}/there/hooks.json"
    assert document("setup", "codex-cli", "--dry-run")["hooks"]["needs_trust"]


def test_a_folder_of_an_agent_that_is_none_hinders_no_uninstall(
    home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "in-the-way").touch()
    monkeypatch.setenv("CODEX_HOME", str(home / "in-the-way"))

    assert call("uninstall").exit_code == 0
    said = call("setup", "codex-cli")
    assert (said.exit_code, said.stderr.count("\n")) == (5, 1)
    assert str(home / "in-the-way") in said.stderr
