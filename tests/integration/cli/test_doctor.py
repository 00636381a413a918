"""`doctor` on a real home: what is wrong is said, and only `--fix` changes anything."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from tests.git_repositories import make_repository
from tests.integration.cli.conftest import DATA, Process

SESSION = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"
FOREIGN = """{
    "model": "opus",
    "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}
}"""
DAY_S = 86_400

Examine = Callable[..., "Found"]
Tree = dict[str, tuple[int, int, bytes]]


class Found(NamedTuple):
    """What was found."""

    code: int
    checks: list[tuple[str, str, str, str | None]]
    mended: list[str]

    def at(self, level: str) -> list[str]:
        """Topics and texts of one level."""
        return [f"{topic}: {text}" for topic, lvl, text, _ in self.checks if lvl == level]


@pytest.fixture
def examine(process: Process) -> Examine:
    """Run doctor as a process, for programs."""

    def run(*options: str) -> Found:
        done = process("doctor", "--json", *options)
        assert done.stderr == b""
        said: dict[str, Any] = orjson.loads(done.stdout)
        assert said["ok"] is (done.returncode == 0)
        checks = [(c["topic"], c["level"], c["text"], c["advice"]) for c in said["checks"]]
        return Found(done.returncode, checks, said["mended"])

    return run


def tree(*folders: Path) -> Tree:
    """Everything below folders: its mode, when it was changed, and what it holds."""
    found: Tree = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")] if os.path.lexists(folder) else ():
            state = path.lstat()
            content = path.read_bytes() if stat.S_ISREG(state.st_mode) else b""
            found[str(path)] = (state.st_mode, state.st_mtime_ns, content)
    return found


def write_events(home: Path, session: str, transcript: Path | None) -> Path:
    """Be a hook at the end of a session, five minutes ago."""
    spool = home / ".opentraces" / "spool" / "claude-code"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    event = {"hook_event_name": "Stop", "session_id": session, "transcript_path": str(transcript)}
    file = spool / f"{session}.jsonl"
    file.write_bytes(orjson.dumps({"opentraces": 1, "at": 1, "event": event}) + b"\n")
    file.chmod(0o600)
    ago = file.stat().st_mtime - 300
    os.utime(file, (ago, ago))
    return file


@pytest.fixture
def installed(kept: Path, home: Path, process: Process) -> Path:
    """A machine with sessions kept, hooks installed and a repository enrolled."""
    (home / ".claude").mkdir()
    (home / ".claude" / "settings.json").write_text(FOREIGN)
    widgets = make_repository(home / "widgets")
    assert process("setup", "claude-code").returncode == 0
    assert process("init", cwd=widgets).returncode == 0
    return home


def damage(home: Path) -> None:
    """Let everything be wrong that can be."""
    kept = home / ".opentraces"
    (kept / "config.toml").write_text("")
    (kept / "config.toml").chmod(0o644)
    (kept / "state" / "ingest.log").write_text("opentraces: the disk is full\n")
    (kept / "state" / "enrolled" / "claude-code").unlink()
    shutil.rmtree(home / "widgets")
    (home / ".claude" / "hooks" / "opentraces" / "claude_code.py").write_text("pass\n")
    shutil.copytree(DATA / "edit_commit" / "projects", home / ".claude" / "projects")
    write_events(home, SESSION, next(home.rglob(f"{SESSION}.jsonl")))
    write_events(home, "unknown", None)
    next((kept / "index").rglob("bucket_id")).unlink()


def test_where_nothing_is_it_says_so_and_leaves_nothing(home: Path, process: Process) -> None:
    for options in ([], ["--deep"], ["--fix"], ["--fix", "--deep"]):
        done = process("doctor", *options)

        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"1 thing to look at\nwarn  bucket       nothing is kept yet")
        assert list(home.iterdir()) == []


def test_all_is_well_where_all_is_well(installed: Path, process: Process) -> None:
    log = installed / ".opentraces" / "state" / "ingest.log"
    now = datetime.now().astimezone()
    log.write_text(f"{now:%Y-%m-%d %H:%M:%S}  claude-code  0b7d6f3a  Stop: kept 1 kB  (0.5 s)\n")
    log.chmod(0o600)

    for options in ([], ["--deep"], ["--fix", "--deep"]):
        done = process("doctor", *options)

        assert done.stdout.splitlines()[0] == b"All is well", done.stdout
        assert b"hooks installed at 12 events, run by " in done.stdout
        assert b"last fired just now" in done.stdout
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("options", [[], ["--deep"], ["--json"]], ids=str)
@pytest.mark.parametrize("state", ["well", "damaged"])
def test_without_fix_nothing_is_changed(
    installed: Path, process: Process, state: str, options: list[str]
) -> None:
    if state == "damaged":
        damage(installed)
    before = tree(installed)
    assert len(before) > 40

    code = process("doctor", *options).returncode

    assert tree(installed) == before
    assert code == (1 if state == "damaged" else 0)


def test_everything_that_is_wrong_is_said(installed: Path, examine: Examine) -> None:
    damage(installed)

    found = examine()

    assert [topic for topic, level, *_ in found.checks if level == "fail"] == ["claude-code"]
    assert sorted(topic for topic, level, *_ in found.checks if level == "warn") == [
        "events",
        "events",
        "index",
        "privacy",
        "projects",
        "projects",
        "worker",
    ]


def test_what_can_be_mended_is_mended_and_then_nothing_is_left_to_mend(
    installed: Path, examine: Examine, process: Process
) -> None:
    damage(installed)
    theirs = tree(installed / ".claude" / "projects")

    found = examine("--fix", "--deep")

    assert found.mended[0].startswith("made ")
    assert found.mended[1:] == [
        "kept what hooks wrote down of 1 session",
        "told the hooks of claude-code what is enrolled",
        f"installed the hooks of claude-code again: {installed}/.claude/settings.json",
        "brought the index up to date: 2 traces",
    ]
    assert found.code == 0
    assert [text.partition(":")[0] for text in found.at("warn")] == ["projects", "events", "worker"]
    assert examine("--fix", "--deep").mended == []
    assert tree(installed / ".claude" / "projects") == theirs
    assert b"2 traces" in process("trace", "query").stdout


def test_a_flipped_bit_in_the_index_is_found_and_the_index_made_anew(
    kept: Path, examine: Examine, process: Process
) -> None:
    before = process("trace", "query", "--json").stdout
    file = next((kept / "index").rglob("*.idx"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    assert examine().code == 0
    assert examine("--fix").mended == []
    assert examine("--deep").at("fail") == [f"index: damaged: {file.name}"]
    mended = examine("--deep", "--fix")

    assert mended.code == 0
    assert mended.mended == [
        "gave the damaged index up",
        "brought the index up to date: 2 traces",
    ]
    assert process("trace", "query", "--json").stdout == before


def test_a_lost_index_is_made_anew(kept: Path, examine: Examine) -> None:
    shutil.rmtree(kept / "index")

    assert [text.partition(":")[0] for text in examine().at("warn")] == ["index"]
    assert not (kept / "index").exists()
    assert examine("--fix").mended == ["brought the index up to date: 2 traces"]
    assert examine().at("warn") == []


def test_a_damaged_bucket_is_named_once_and_the_rest_is_looked_at(
    kept: Path, examine: Examine
) -> None:
    file = kept / "bucket" / "bucket.json"
    file.write_bytes(file.read_bytes().replace(b"created_at", b"created_as"))

    for options in ([], ["--fix"]):
        found = examine(*options)

        assert found.code == 1
        assert found.at("fail") == ["bucket: bucket.json is damaged: its digest does not match"]
        assert {"claude-code", "events", "privacy", "program"} <= {
            check[0] for check in found.checks
        }


def test_another_programs_bucket_is_told_and_left_alone(home: Path, examine: Examine) -> None:
    bucket = home / ".opentraces" / "bucket"
    bucket.mkdir(parents=True)
    (bucket / "manifest.json").write_text("{}")
    before = tree(home)

    for options in ([], ["--fix"], ["--fix", "--deep"]):
        found = examine(*options)

        assert found.code == 1
        (fault,) = found.at("fail")
        assert "OPENTRACES_HOME" in fault
        assert tree(home) == before


def test_hooks_that_nobody_installed_are_not_installed(
    kept: Path, home: Path, process: Process, examine: Examine
) -> None:
    (home / ".claude").mkdir()
    (home / ".claude" / "settings.json").write_text(FOREIGN)
    process("init", cwd=make_repository(home / "widgets"))

    found = examine("--fix")

    assert found.at("warn") == [
        "claude-code: hooks are not installed, so nothing is captured live in 1 folder"
    ]
    assert list((home / ".claude").iterdir()) == [home / ".claude" / "settings.json"]
    assert (home / ".claude" / "settings.json").read_text() == FOREIGN


def test_hooks_are_mended_and_what_is_foreign_stays(
    installed: Path, process: Process, examine: Examine
) -> None:
    settings = installed / ".claude" / "settings.json"
    whole = settings.read_bytes()
    event = orjson.loads(whole)["hooks"]["SessionEnd"]
    assert len(event) == 1
    broken = whole.replace(b'"SessionEnd"', b'"NoSuchEvent"')
    settings.write_bytes(broken)

    assert "claude-code: no hook runs at SessionEnd" in examine().at("warn")
    assert examine("--fix").mended == [f"installed the hooks of claude-code again: {settings}"]

    now = orjson.loads(settings.read_bytes())
    assert now["hooks"]["SessionEnd"] == event
    assert now["model"] == "opus"
    assert now["hooks"]["Stop"][0]["hooks"][0]["command"] == "true"


def test_settings_that_are_no_json_are_wrong_and_stay(installed: Path, examine: Examine) -> None:
    settings = installed / ".claude" / "settings.json"
    settings.write_text('{"hooks": ')

    found = examine("--fix")

    (fault,) = found.at("fail")
    assert fault.startswith(f"claude-code: hooks unknown: {settings}: line 1, column ")
    assert settings.read_text() == '{"hooks": '


def test_sessions_that_are_deleted_soon_are_told(
    claude: Path, process: Process, examine: Examine
) -> None:
    (claude / "settings.json").write_text('{"cleanupPeriodDays": 20}')
    old = [path for path in claude.rglob("*") if path.is_file() and SESSION in str(path)]
    for path in old:
        when = path.stat().st_mtime - 15 * DAY_S
        os.utime(path, (when, when))
    rule = "claude-code: cleanupPeriodDays is 20: 1 session dies within 7 days"

    assert f"{rule}, not kept" in examine().at("warn")
    process("import", "--all")
    assert f"{rule}, kept" in examine().at("ok")
    assert "claude-code: 2 sessions on this machine, all of them kept" in examine().at("ok")


def test_a_session_of_an_unknown_format_is_wrong(
    claude: Path, process: Process, examine: Examine
) -> None:
    folder = claude / "projects" / "-home-dev-new"
    folder.mkdir()
    (folder / "0b7d6f3a-0000-4000-8000-000000000001.jsonl").write_text('{"kind":"no such"}\n')
    process("import", "--all")

    (fault,) = examine("--fix").at("fail")

    assert fault.startswith("formats: no line, or hardly one, was recognised in 1 file of claude-")


def test_a_damaged_list_of_projects_is_wrong_and_stays(installed: Path, examine: Examine) -> None:
    projects = installed / ".opentraces" / "projects.json"
    projects.write_text("{")

    found = examine("--fix")

    assert found.code == 1
    (fault,) = found.at("fail")
    assert fault.startswith("projects: projects.json is damaged")
    assert found.checks[2][0] == "claude-code"
    assert projects.read_text() == "{"


def test_what_others_may_read_is_closed_but_for_links(kept: Path, examine: Examine) -> None:
    outside = kept.parent / "outside.txt"
    outside.write_text("")
    outside.chmod(0o644)
    (kept / "spool").mkdir(mode=0o755)
    (kept / "spool").chmod(0o755)
    (kept / "spool" / "link").symlink_to(outside)

    assert [text.partition(":")[0] for text in examine().at("warn")] == ["privacy"]
    assert examine("--fix").mended == ["made 1 of our files and folders private"]

    assert stat.S_IMODE((kept / "spool").stat().st_mode) == 0o700
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_a_worker_that_failed_is_told(kept: Path, examine: Examine) -> None:
    (kept / "state" / "ingest.log").write_text(
        "Traceback (most recent call last):\n  File\n    x\nKeyError: 'y'\n"
    )
    (kept / "state" / "ingest.log").chmod(0o600)

    assert examine("--fix").at("warn") == ["worker: one failed just now: KeyError: 'y'"]
