"""What goes wrong is one line on stderr and an exit code; never a traceback."""

import os
import shutil
import signal
import subprocess
import time
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.locks import Locks
from opentraces.domain import errors
from opentraces.domain.errors import (
    Exhausted,
    OpentracesError,
    RepositoryUnreadable,
    SourceUnreadable,
    StorageUnavailable,
)
from opentraces.domain.ids import SessionId, trace_id
from opentraces.entrypoints.cli import exit_codes
from opentraces.entrypoints.cli.ending import CODES, exit_code
from tests.integration.cli.conftest import DATA, PROGRAM, Call, Process

TREE = [kind for kind in vars(errors).values() if isinstance(kind, type)]

REFUSED = {
    "an unknown command": (["nope"], 2, "no command 'nope' → opentraces --help"),
    "a command that is mistyped": (
        ["trace", "quary"],
        2,
        "no command 'trace quary' → opentraces trace query",
    ),
    "a command without its group": (
        ["query", "x"],
        2,
        "no command 'query' → opentraces trace query",
    ),
    "an unknown option": (["bucket", "verify", "--depe"], 2, "opentraces bucket verify --help"),
    "an unknown option of a query": (["trace", "query", "--sicne", "1d"], 2, "no option --sicne"),
    "an unknown option before the command": (["--jsn", "import"], 2, "--jsn"),
    "nothing to get": (["trace", "get"], 2, "missing argument 'ADDRESS'"),
    "nowhere to restore to": (["trace", "restore", "a"], 2, "missing option '--to'"),
    "no address": (["trace", "get", "a1:x"], 2, "an address is <trace>, <trace>:17"),
    "no time": (["trace", "query", "--since", "soon"], 2, "'soon' is no time"),
    "no value": (["trace", "query", "--project", "''"], 2, "--project"),
    "a limit below nothing": (["trace", "query", "--limit", "-1"], 2, "--limit"),
    "two scopes": (["import", "--all", "--project", "x"], 2, "exclude each other"),
    "an agent that is not read": (["import", "--agent", "hal"], 2, "'hal'"),
    "a shell that is not known": (["completion", "csh"], 2, "csh"),
    "no trace of this name": (["trace", "get", "ffff"], 3, "no trace ffff"),
    "nothing to restore": (["trace", "restore", "ffff", "--to", "x"], 3, "no trace ffff"),
    "nothing to delete": (["trace", "delete", "ffff", "--yes"], 3, "no trace ffff"),
    "no place to import": (["import", "/no/such/place"], 6, "/no/such/place"),
}


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(arguments: list[str], code: int, message: str, call: Call) -> None:
    said = call(*arguments)

    assert (said.exit_code, said.stdout) == (code, "")
    assert said.stderr.startswith("opentraces: ")
    assert said.stderr.count("\n") == 1
    assert message in said.stderr


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_each_error_has_its_branch_s_exit_code(kind: type[OpentracesError]) -> None:
    if kind is not OpentracesError:
        branch = next(one for one in CODES if issubclass(kind, one))
        assert exit_code(kind("x")) == CODES[branch]
        assert CODES[branch] in exit_codes.MEANINGS


def test_each_branch_has_a_code() -> None:
    assert set(CODES) == {*OpentracesError.__subclasses__(), OSError}
    shared = [kind for kind, code in CODES.items() if code == exit_codes.UNAVAILABLE]
    assert shared == [Exhausted, StorageUnavailable, OSError]
    unreadable = [kind for kind, code in CODES.items() if code == exit_codes.UNREADABLE]
    assert unreadable == [RepositoryUnreadable, SourceUnreadable]
    assert len(set(CODES.values())) == len(CODES) - 3


def test_a_beginning_of_several_ids_lists_them(home: Path, call: Call) -> None:
    for folder in sorted(DATA.iterdir()):
        if folder.is_dir():
            call("import", str(folder / "projects"))
    ids = [path.name for path in (home / ".opentraces" / "bucket" / "traces").glob("v1/*/*")]
    first = next(id_[0] for id_ in ids if sum(other[0] == id_[0] for other in ids) > 1)

    said = call("trace", "get", first)

    assert (said.exit_code, said.stderr.count("\n")) == (2, 1)
    assert all(id_[:5] in said.stderr for id_ in ids if id_[0] == first)


def test_a_step_that_is_not_there(trace: str, call: Call) -> None:
    said = call("trace", "get", f"{trace}:99")

    assert (said.exit_code, said.stdout) == (3, "")
    assert "no step 99" in said.stderr


def test_what_no_port_stands_before_is_said_too(call: Call) -> None:
    place = f"/{'a' * 300}"

    said = call("import", env={"CLAUDE_CONFIG_DIR": place})

    assert (said.exit_code, said.stdout) == (5, "")
    assert said.stderr == f"opentraces: {place}: File name too long\n"


def test_debug_shows_where_an_error_comes_from(process: Process) -> None:
    quiet, loud = process("trace", "get", "ffff"), process("--debug", "trace", "get", "ffff")

    assert b"Traceback" not in quiet.stderr
    assert b"Traceback" in loud.stderr
    assert loud.stderr.splitlines()[-1] == quiet.stderr.strip()
    assert loud.returncode == quiet.returncode == 3


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_no_error_holds_what_a_terminal_obeys(debug: tuple[str, ...], call: Call) -> None:
    said = call(*debug, "import", "/nowhere/\x1b]52;c;cm0=\x07gone\x9b2J\u202e")

    assert said.exit_code == 6
    assert "/nowhere/gone" in said.stderr
    assert [c for c in said.stderr if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"] == []


def test_damage_is_named(trace: str, kept: Path, call: Call) -> None:
    next((kept / "bucket").rglob(f"{trace}/steps.jsonl.gz")).write_bytes(b"")

    said = call("trace", "get", trace)

    assert said.exit_code == 4
    assert trace in said.stderr


def test_a_damaged_trace_never_hides_the_others(trace: str, kept: Path, call: Call) -> None:
    next((kept / "bucket").rglob(f"{trace}/trace.json")).write_bytes(b"")

    said = call("trace", "query")

    assert said.exit_code == 0
    assert len(said.stdout.splitlines()) > 2
    assert f"{trace[:8]} → opentraces bucket verify" in said.stderr


def test_a_damaged_description_hinders_no_restore(trace: str, kept: Path, call: Call) -> None:
    description = kept / "bucket" / "bucket.json"
    description.write_bytes(description.read_bytes().replace(b"bucket", b"basket"))

    for command in (["trace", "get", trace], ["trace", "restore", trace, "--to", str(kept / "x")]):
        said = call(*command)
        assert said.exit_code == 0
        assert said.stderr.startswith("opentraces: bucket.json is damaged")
    assert call("import", "--all").exit_code == 4


def test_a_config_that_cannot_be_understood_is_named(home: Path, call: Call) -> None:
    (home / ".opentraces").mkdir()
    (home / ".opentraces" / "config.toml").write_text("speed = 9\n")

    said = call("trace", "query")

    assert said.exit_code == 2
    assert "config.toml: no key is called speed" in said.stderr


def test_another_program_s_bucket_is_refused_and_left(home: Path, claude: Path, call: Call) -> None:
    manifest = home / ".opentraces" / "bucket" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}")

    said = call("import", "--all")

    assert said.exit_code == 5
    assert "OPENTRACES_HOME" in said.stderr
    assert [path.name for path in manifest.parent.iterdir()] == ["manifest.json"]


def test_a_home_that_cannot_be_made_is_said(home: Path, claude: Path, call: Call) -> None:
    (home / ".opentraces").write_text("a file")

    said = call("import", "--all")

    assert (said.exit_code, said.stdout) == (5, "")
    assert said.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_home_that_cannot_be_written_is_said(kept: Path, claude: Path, call: Call) -> None:
    for folder in [kept, *(path for path in kept.rglob("*") if path.is_dir())]:
        folder.chmod(0o500)

    assert call("import", "--all").exit_code == 5
    assert call("trace", "query", "calc").exit_code == 0


@pytest.mark.parametrize("command", ["trace query calc", "trace get {trace}"])
def test_what_cannot_be_caught_up_with_does_not_hinder_reading(
    command: str, trace: str, kept: Path, call: Call
) -> None:
    before = call(*command.format(trace=trace).split()).stdout.splitlines()[1:]
    (kept / "state" / "dirty").mkdir(exist_ok=True)
    (kept / "state" / "dirty" / trace).touch()
    (kept / "index" / "writer.lock").unlink(missing_ok=True)
    (kept / "index" / "writer.lock").mkdir()

    said = call(*command.format(trace=trace).split())

    assert (said.exit_code, said.stdout.splitlines()[1:]) == (0, before)
    assert said.stderr.startswith("opentraces: ")
    assert said.stderr.count("\n") == 1


def test_no_index_and_none_to_be_made_is_said(kept: Path, call: Call) -> None:
    shutil.rmtree(kept / "index")
    (kept / "index").write_text("in the way")

    assert call("trace", "query", "calc").exit_code == 5


def test_an_import_of_which_nothing_can_be_read_ends_with_6(claude: Path, call: Call) -> None:
    for file in claude.rglob("*.jsonl"):
        file.write_text('{"type":"no such"}\n')

    said = call("import", "--all", "--json")

    assert said.exit_code == 6
    assert '"failed":[{"path"' in said.stdout


def test_deleting_asks_on_a_terminal_only(trace: str, call: Call) -> None:
    said = call("trace", "delete", trace)

    assert said.exit_code == 2
    assert "--yes" in said.stderr
    assert call("trace", "get", trace).exit_code == 0


def test_an_output_that_is_not_read_to_its_end_is_no_error(trace: str, home: Path) -> None:
    command = f"'{PROGRAM[0]}' -m opentraces trace get {trace} --json; echo $? >&2"

    run = subprocess.run(
        ["sh", "-c", f"({command}) | true"], cwd=home, capture_output=True, check=True, text=True
    )

    assert run.stderr.strip() in ("0", "141")


@pytest.mark.parametrize("arguments", ["--help", "trace query", "trace get x", "bucket status"])
def test_a_reader_that_is_gone_is_no_error(arguments: str, kept: Path, home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    run = subprocess.run(
        [*PROGRAM, *arguments.split()],
        cwd=home,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )
    os.close(writing)

    assert run.returncode in (141, 3)
    assert "Traceback" not in run.stderr
    assert "Broken" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", ["trace query", "bucket status --json", "--help", "--version"]
)
def test_a_result_that_cannot_be_written_is_said(arguments: str, kept: Path, home: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [*PROGRAM, *arguments.split()],
            cwd=home,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )

    assert (run.returncode, run.stderr.count("\n")) == (5, 1)
    assert "cannot be written" in run.stderr


def _heed_interruptions() -> None:
    """A shell lets what it starts in the background ignore them, and all below it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_an_interruption_ends_with_130_and_a_line(claude: Path, home: Path) -> None:
    pipe = claude / "projects" / "-home-dev-wait"
    pipe.mkdir()
    for number in range(40):
        copy = (claude / "projects").glob("-home-dev-edit-commit/*.jsonl")
        (pipe / f"0b7d6f3a-0000-4000-8000-{number:012}.jsonl").write_bytes(next(copy).read_bytes())
    waited_for = trace_id("claude-code", SessionId("0b7d6f3a-0000-4000-8000-000000000007"))
    bucket = home / ".opentraces" / "bucket" / "bucket.json"
    with closing(Locks(home / ".opentraces" / "state").hold(waited_for, wait=True)):
        process = subprocess.Popen(
            [*PROGRAM, "import", "--all"],
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heed_interruptions,
        )
        while not bucket.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=300)

    assert (process.returncode, out) == (130, "")
    assert errors.strip() == "opentraces: interrupted"
    again = subprocess.run([*PROGRAM, "bucket", "verify", "--deep"], cwd=home, check=True)
    assert again.returncode == 0
