"""A session's way: kept, found, read, given back, deleted."""

import re
import shutil
from pathlib import Path

import orjson
import pytest

from tests.integration.cli.conftest import DATA, Call, Document, Process
from tests.memory_world import event_line


def files_below(folder: Path, only: str = "") -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / only).rglob("*"))
        if path.is_file()
    }


def test_a_session_is_kept_found_read_restored_and_deleted_for_good(
    claude: Path, home: Path, call: Call, document: Document
) -> None:
    imported = document("import", "--all")
    assert (imported["kept"], imported["failed"], imported["skipped"]) == (2, [], [])

    hits = document("trace", "query", "TASK-MAIN fix", "sub function", "--limit", "5")
    trace = hits["hits"][0]["trace_id"]
    assert hits["hits"][0]["session_id"] == "afc0be94-d3d5-4c5a-951b-c0815f74cb07"

    record = document("trace", "get", trace)
    assert record["trace_id"] == trace
    assert record["metrics"]["total_steps"] == len(record["steps"]) == 14

    shutil.rmtree(claude)
    restored = document("trace", "restore", trace[:8], "--to", str(home / "back"))
    assert files_below(home / "back") == files_below(DATA / "edit_commit", "projects")
    assert restored["bytes"] == sum(map(len, files_below(home / "back").values()))
    assert set(restored["files"]) == {str(home / "back" / n) for n in files_below(home / "back")}

    shutil.copytree(DATA / "edit_commit" / "projects", claude / "projects")
    assert document("trace", "delete", trace, "--yes")["trace_id"] == trace
    assert document("trace", "query", "fix sub function", "--project", "edit-commit")["total"] == 0
    again = document("import", "--all")
    assert (again["kept"], len(again["skipped"])) == (0, 1)
    assert call("trace", "get", trace).exit_code == 3

    status = document("bucket", "status")
    assert (status["traces"], status["agents"]) == (1, {"claude-code": 1})
    assert document("bucket", "verify", "--deep")["ok"]


def test_second_import_keeps_nothing_new(claude: Path, document: Document) -> None:
    document("import")

    second = document("import")

    assert (second["kept"], second["unchanged"]) == (0, 2)


def test_outside_of_a_repository_all_sessions_are_kept(claude: Path, document: Document) -> None:
    assert document("import")["kept"] == 2


def test_inside_a_repository_its_sessions_are_kept(
    claude: Path, home: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = home.resolve() / "edit-commit"
    (repository / ".git").mkdir(parents=True)
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    session = next(claude.rglob("afc0be94*.jsonl"))
    there = bytes(repository)
    session.write_bytes(session.read_bytes().replace(b"/home/dev/edit-commit", there))
    session.parent.rename(claude / "projects" / re.sub("[^a-zA-Z0-9]", "-", str(repository)))
    (repository / "src").mkdir()
    monkeypatch.chdir(repository / "src")

    assert document("import")["kept"] == 1
    assert document("import", "--all")["kept"] == 1


def test_sessions_of_a_project_are_kept_by_its_name(claude: Path, document: Document) -> None:
    assert document("import", "--project", "edit-commit")["kept"] == 1
    assert document("import", "--project", "/home/dev/subagent")["kept"] == 1


def test_a_place_that_is_named_is_read_relative_to_where_we_stand(
    claude: Path, document: Document
) -> None:
    assert document("import", ".claude/projects/-home-dev-subagent")["kept"] == 1


def test_the_text_of_an_import_names_the_next_command(claude: Path, call: Call) -> None:
    said = call("import", "--all")

    assert said.stdout.startswith("Imported  2 sessions, 0 unchanged ")
    assert "opentraces trace query" in said.stdout.splitlines()[-1]
    assert said.stderr == ""


def test_the_text_of_a_query_begins_with_the_answer(kept: Path, trace: str, call: Call) -> None:
    lines = call("trace", "query", "test_calc", "--project", "edit-commit").stdout.splitlines()

    assert lines[0].startswith("1 trace · ")
    assert lines[2].startswith(f"{trace[:8]}  claude-code  edit-commit  ")
    assert lines[3].startswith("  TASK-MAIN fix the sub function")
    assert all(line.startswith("  :") for line in lines[4:])
    assert "«test_calc»" in lines[4]


def test_a_trace_is_readable_by_each_of_its_names(trace: str, call: Call) -> None:
    by_id = call("trace", "get", trace).stdout

    assert by_id.startswith(f"{trace[:8]} · TASK-MAIN fix the sub function")
    assert call("trace", "get", trace[:6].upper()).stdout == by_id
    assert call("trace", "get", "afc0be94-d3d5-4c5a-951b-c0815f74cb07").stdout == by_id


def test_single_steps_are_read(trace: str, call: Call, document: Document) -> None:
    whole = document("trace", "get", trace)["steps"]

    assert document("trace", "get", f"{trace}:2-4")["steps"] == whole[1:4]
    assert document("trace", "get", f"{trace}:last")["steps"] == whole[-1:]
    shown = call("trace", "get", f"{trace}:1").stdout
    assert "\n:1    user" in shown
    assert "\n:2 " not in shown


def test_a_restore_over_another_file_leaves_it(trace: str, home: Path, call: Call) -> None:
    [name] = [path for path in files_below(DATA / "edit_commit") if path.endswith(".jsonl")]
    (home / name).parent.mkdir(parents=True)
    (home / name).write_text("mine")

    said = call("trace", "restore", trace, "--to", ".")

    assert said.exit_code == 2
    assert (home / name).read_text() == "mine"


def test_a_lost_index_is_made_anew_by_a_query(kept: Path, document: Document) -> None:
    before = document("trace", "query", "calc")
    shutil.rmtree(kept / "index")

    assert document("trace", "query", "calc") == before


def test_a_damaged_index_is_made_anew_by_a_query(kept: Path, document: Document) -> None:
    before = document("trace", "query", "calc")
    for file in (kept / "index").rglob("*.term"):
        data = bytearray(file.read_bytes())
        data[: len(data) // 2] = bytes(len(data) // 2)
        file.write_bytes(data)

    assert document("trace", "query", "calc") == before


def test_the_path_is_that_of_the_bucket(home: Path, process: Process, document: Document) -> None:
    assert process("bucket", "path").stdout == bytes(home / ".opentraces" / "bucket") + b"\n"
    assert document("bucket", "path")["path"] == str(home / ".opentraces" / "bucket")
    assert not (home / ".opentraces").exists()


def test_damage_is_printed_and_ends_with_1(kept: Path, call: Call) -> None:
    (kept / "bucket" / "bucket.json").write_bytes(b"{}")
    next((kept / "bucket").rglob("source-0.zst")).write_bytes(b"")

    said = call("bucket", "verify", "--json")

    assert said.exit_code == 1
    found = orjson.loads(said.stdout)
    assert not found["ok"]
    assert {problem["path"].split("/")[-1] for problem in found["problems"]} == {
        "bucket.json",
        "source-0.zst",
    }
    assert "bucket.json" in call("bucket", "verify").stdout


def test_nothing_is_written_by_reading_an_empty_home(home: Path, call: Call) -> None:
    for words in ("trace query", "bucket status", "bucket verify", "bucket path", "trace query x"):
        assert call(*words.split()).exit_code == 0
    assert call("trace", "get", "a").exit_code == 3

    assert not (home / ".opentraces").exists()


def test_an_empty_home_says_what_to_do(document: Document, call: Call) -> None:
    nothing = {"schema_version": "1", "total": 0, "hits": [], "next": None, "facets": {}}
    assert document("trace", "query", "x") == nothing
    assert "opentraces import --all" in call("trace", "query", "x").stderr


def test_an_event_that_was_cut_short_ends_its_line(claude: Path, home: Path, call: Call) -> None:
    """Also where an import takes events up: what is added behind it is a line of its own."""
    session = next(claude.glob("projects/*/*.jsonl")).stem
    spool = home / ".opentraces" / "spool" / "claude-code" / f"{session}.jsonl"
    spool.parent.mkdir(parents=True)
    whole = event_line(session, "Stop")
    for said in (whole + whole[:40], whole):
        spool.write_bytes(said)
        assert call("import", "--all").exit_code == 0

    call("trace", "restore", session, "--to", str(home / "back"))

    kept = (home / "back" / "hooks" / f"{session}.jsonl").read_bytes()
    assert kept == whole + whole[:40] + b"\n" + whole
