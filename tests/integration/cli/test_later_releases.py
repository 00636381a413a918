"""What a later release made, on the command line: read where that is safe, refused where not."""

import shutil
import stat
from pathlib import Path

import orjson
import pytest

from tests.git_repositories import make_repository
from tests.integration.adapters.filesystem.later import make_bucket_later, make_trace_later, rewrite
from tests.integration.cli.conftest import DATA, Call, Document

ADVICE = "→ upgrade opentraces"
SESSION = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"


def tree_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder below one: when it was changed last, and its bytes."""
    found = {}
    for path in folder.rglob("*"):
        look = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(look.st_mode) else b""
        found[str(path.relative_to(folder))] = (look.st_mtime_ns, data)
    return found


def grow(claude: Path) -> list[Path]:
    """Let every session go on by a line; returns the transcripts."""
    transcripts = list(claude.glob("projects/*/*.jsonl"))
    for transcript in transcripts:
        lines = transcript.read_bytes().splitlines(keepends=True)
        typed = next(line for line in lines if b'"type":"user"' in line)
        said = orjson.loads(typed) | {"uuid": "later-1", "timestamp": "2027-01-01T00:00:00.000Z"}
        said["message"] = {"role": "user", "content": "hippopotamus"}
        transcript.write_bytes(b"".join(lines) + orjson.dumps(said) + b"\n")
    return transcripts


def leave_event(home: Path, transcript: Path) -> Path:
    """Let a hook tell of a session; returns the file in which that waits."""
    spool = home / ".opentraces" / "spool" / "claude-code" / f"{transcript.stem}.jsonl"
    spool.parent.mkdir(parents=True)
    event = {
        "session_id": transcript.stem,
        "transcript_path": str(transcript),
        "cwd": str(home),
        "hook_event_name": "Stop",
    }
    spool.write_bytes(orjson.dumps({"opentraces": 1, "at": 1, "event": event}) + b"\n")
    return spool


@pytest.fixture
def bucket(kept: Path) -> Path:
    return kept / "bucket"


@pytest.fixture
def folder(trace: str, bucket: Path) -> Path:
    """Of the trace that edits and commits."""
    return bucket / "traces" / "v1" / trace[:2] / trace


class TestBucket:
    """A bucket of a later format."""

    def test_all_that_keeps_or_deletes_is_refused_and_touches_nothing(
        self, trace: str, bucket: Path, claude: Path, home: Path, call: Call
    ) -> None:
        leave_event(home, grow(claude)[0])
        make_bucket_later(bucket)
        before = tree_of(home)

        for command in (
            ["import", "--all"],
            ["import", "--all", "--json"],
            ["import", "/no/such/place"],
            ["ingest"],
            ["ingest", "--session", SESSION, "--json"],
            ["trace", "delete", trace, "--yes"],
            ["trace", "delete", trace],
        ):
            said = call(*command)
            assert (said.exit_code, said.stdout) == (5, ""), command
            assert said.stderr.count("\n") == 1
            assert "bucket.json was written by a later release: opentraces.bucket/2" in said.stderr
            assert f"{ADVICE}, or set OPENTRACES_HOME to another folder" in said.stderr
            assert tree_of(home) == before, command

    def test_nothing_to_keep_is_refused_too(self, bucket: Path, claude: Path, call: Call) -> None:
        call("import", "--all")
        make_bucket_later(bucket)

        assert call("import", "--all").exit_code == 5
        assert call("ingest").exit_code == 5

    @pytest.mark.parametrize("is_indexed", [True, False])
    def test_all_that_reads_goes_on_and_says_so(
        self, is_indexed: bool, trace: str, bucket: Path, kept: Path, home: Path, call: Call
    ) -> None:
        if not is_indexed:
            shutil.rmtree(kept / "index")
        commands = {
            "query": ["trace", "query", "calc", "--json"],
            "get": ["trace", "get", trace, "--json"],
            "steps": ["trace", "get", f"{trace}:3"],
            "tail": ["trace", "tail", trace, "--json"],
            "restore": ["trace", "restore", trace, "--to", str(home / "back"), "--json"],
            "status": ["bucket", "status", "--json"],
            "repository": ["status", "--json"],
        }
        before = {name: call(*command) for name, command in commands.items()}
        shutil.rmtree(home / "back")
        if not is_indexed:
            shutil.rmtree(kept / "index")
        make_bucket_later(bucket)
        stored = tree_of(bucket)

        for name, command in commands.items():
            said = call(*command)
            assert said.exit_code == 0, (name, said.stderr)
            if name != "status":  # its sizes differ
                assert said.stdout == before[name].stdout
            assert said.stderr.splitlines()[-1].startswith(
                "opentraces: a later release made this bucket (opentraces.bucket/2): "
            )
            assert said.stderr.splitlines()[-1].endswith(ADVICE)
            assert said.stderr.count("\n") == 1
        assert tree_of(bucket) == stored

    def test_an_index_is_built_and_nothing_is_counted(
        self, trace: str, bucket: Path, kept: Path, call: Call
    ) -> None:
        for derived in ("index", "state"):
            shutil.rmtree(kept / derived)
        make_bucket_later(bucket)

        assert trace[:6] in call("trace", "query", "calc").stdout
        assert not list((kept / "state").glob("ledger*"))

    def test_marks_of_a_later_release_are_left_to_it(
        self, trace: str, bucket: Path, kept: Path, call: Call
    ) -> None:
        (kept / "state" / "dirty").mkdir(exist_ok=True)
        (kept / "state" / "dirty" / trace).touch()
        make_bucket_later(bucket)
        before = tree_of(kept)

        assert call("trace", "query", "calc").exit_code == 0
        assert call("trace", "get", trace).exit_code == 0
        assert tree_of(kept) == before

    def test_verify_and_doctor_name_it(self, trace: str, bucket: Path, call: Call) -> None:
        make_bucket_later(bucket)

        verified, diagnosed = call("bucket", "verify", "--deep"), call("doctor")

        assert verified.exit_code == 1
        assert verified.stdout.splitlines()[1].split() == ["newer", "bucket.json"]
        assert verified.stdout.splitlines()[-1].endswith(ADVICE)
        assert diagnosed.exit_code == 1
        assert f"opentraces.bucket/2; nothing is written to it {ADVICE}" in diagnosed.stdout

    def test_a_mending_doctor_leaves_it_alone(
        self, trace: str, bucket: Path, claude: Path, home: Path, call: Call
    ) -> None:
        spool = leave_event(home, grow(claude)[0])
        make_bucket_later(bucket)
        before = tree_of(bucket), spool.read_bytes()

        assert call("doctor", "--fix").exit_code == 1
        assert (tree_of(bucket), spool.read_bytes()) == before

    def test_no_worker_is_started_in_vain(
        self, bucket: Path, claude: Path, home: Path, call: Call
    ) -> None:
        leave_event(home, grow(claude)[0])
        make_bucket_later(bucket)

        assert call("bucket", "status").exit_code == 0
        assert not (home / ".opentraces" / "state" / "ingest.log").exists()


class TestTrace:
    """One trace of a later format, or with something in it that is not known."""

    def test_the_others_are_found_read_and_kept(
        self, trace: str, folder: Path, claude: Path, call: Call, document: Document
    ) -> None:
        make_trace_later(folder)
        stored = tree_of(folder)
        grow(claude)

        done = document("import", "--all")
        found = document("trace", "query", "hippopotamus")

        assert (done["kept"], len(done["failed"])) == (1, 1)
        assert done["failed"][0]["path"].endswith(f"{SESSION}.jsonl")
        assert done["failed"][0]["reason"].endswith(f"opentraces.trace/2 {ADVICE}")
        (hit,) = found["hits"]
        assert hit["trace_id"] != trace
        assert call("trace", "get", hit["trace_id"]).exit_code == 0
        assert tree_of(folder) == stored

    def test_it_is_named_and_counted_where_it_is_left_out(
        self, trace: str, folder: Path, call: Call, document: Document
    ) -> None:
        make_trace_later(folder)

        searched = call("trace", "query", "calc")
        status = call("bucket", "status")

        assert (searched.exit_code, trace[:6] in searched.stdout) == (0, False)
        assert searched.stderr == (
            f"opentraces: of a later release, not shown: {trace[:8]} {ADVICE}\n"
        )
        counted = document("bucket", "status")
        assert (counted["traces"], counted["later"]) == (1, 1)
        assert f"1 trace of a later release not counted {ADVICE}" in status.stdout
        assert call("bucket", "verify").exit_code == 1

    @pytest.mark.parametrize("options", [[], ["--dry-run"], ["--reproject"]])
    def test_a_repair_says_that_it_left_it_out(
        self, options: list[str], trace: str, folder: Path, call: Call
    ) -> None:
        make_trace_later(folder)

        said = call("bucket", "repair", *options)
        document = orjson.loads(call("bucket", "repair", *options, "--json").stdout)

        assert said.exit_code == 5
        assert f"Left out  1 trace of a later release {ADVICE}" in said.stdout
        assert (document["ok"], document["left"]) == (True, [])
        assert [each["trace_id"] for each in document["later"]] == [trace]

    def test_a_snapshot_advises_once(self, folder: Path, home: Path, call: Call) -> None:
        make_trace_later(folder)

        said = call("bucket", "snapshot", "--to", str(home / "copy"))

        assert (said.exit_code, said.stdout.count(ADVICE)) == (5, 1)

    @pytest.mark.parametrize(
        "command", ["trace get {}", "trace restore {} --to x", "trace delete {} --yes"]
    )
    def test_it_is_refused_by_name(
        self, command: str, trace: str, folder: Path, bucket: Path, call: Call
    ) -> None:
        make_trace_later(folder)
        before = tree_of(bucket)

        said = call(*command.format(trace).split())

        assert (said.exit_code, said.stdout) == (5, "")
        assert "trace.json was written by a later release" in said.stderr
        assert ADVICE in said.stderr
        assert tree_of(bucket) == before

    def test_its_events_wait(
        self, folder: Path, claude: Path, home: Path, call: Call, document: Document
    ) -> None:
        transcript = next(claude.rglob(f"{SESSION}.jsonl"))
        spool = leave_event(home, transcript)
        said = spool.read_bytes()
        make_trace_later(folder)

        (round_,) = document("ingest")["rounds"]

        assert len(round_["imported"]["failed"]) == 1
        assert spool.read_bytes() == said

    def test_an_index_made_anew_without_it_is_completed_when_it_can_be_read(
        self, trace: str, folder: Path, kept: Path, call: Call, document: Document
    ) -> None:
        envelope = (folder / "trace.json").read_bytes()
        make_trace_later(folder)
        shutil.rmtree(kept / "index")

        assert len(document("trace", "query")["hits"]) == 1
        (folder / "trace.json").write_bytes(envelope)
        assert len(document("trace", "query")["hits"]) == 2

    def test_one_with_an_added_key_is_read_and_not_written_to(
        self, trace: str, folder: Path, claude: Path, call: Call, document: Document
    ) -> None:
        record = call("trace", "get", trace, "--json").stdout
        rewrite(folder / "trace.json", lambda said: said["header"].update(mood="good"))
        stored = tree_of(folder)
        grow(claude)

        done = document("import", "--all")

        assert (done["kept"], len(done["failed"])) == (1, 1)
        assert "header.mood" in done["failed"][0]["reason"]
        assert call("trace", "get", trace, "--json").stdout == record
        assert call("bucket", "verify", "--deep").exit_code == 0
        assert tree_of(folder) == stored

    def test_an_import_of_nothing_else_ends_with_6(
        self, folder: Path, home: Path, call: Call
    ) -> None:
        make_trace_later(folder)
        shutil.copytree(DATA / "edit_commit" / "projects", home / "some" / "projects")
        grow(home / "some")

        assert call("import", str(home / "some" / "projects")).exit_code == 6


def test_what_a_later_release_says_of_projects_outlives_init_and_remove(
    home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_repository(home / "first"), make_repository(home / "second")
    monkeypatch.chdir(first)
    assert call("init").exit_code == 0
    projects = home / ".opentraces" / "projects.json"
    said = orjson.loads(projects.read_bytes())
    said["later"] = said["projects"][0]["later"] = {"a": [1]}
    said["projects"][0]["checkouts"][0]["later"] = "b"
    projects.write_bytes(orjson.dumps(said))

    for command in ("init", "remove"):
        monkeypatch.chdir(second)
        assert call(command).exit_code == 0

    assert orjson.loads(projects.read_bytes()) == said
