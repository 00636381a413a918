"""The real program where nothing can be written, locked, or mapped: it reads, and says the rest."""

import errno
import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import SILENT, Ran, event
from tests.integration.program.live import LiveMachine
from tests.integration.program.machine import Machine, tree
from tests.integration.program.media import OnMedium, mortal, read_only, refused

READING = {
    "query": "trace query error --json",
    "query for nothing": "trace query",
    "get": "trace get {trace} --json",
    "tail": "trace tail {trace}",
    "restore": "trace restore {trace} --to {out}",
    "bucket status": "bucket status --json",
    "verify": "bucket verify --deep",
    "usage": "usage --by session --json",
    "status": "status",
    "doctor": "doctor",
    "uninstall --dry-run": "uninstall --dry-run",
    "repair --dry-run": "bucket repair --dry-run",
    "gc --dry-run": "bucket gc --dry-run",
}
WRITING = {
    "import": "import {new}",
    "import, for programs": "import {new} --json",
    "ingest": "ingest",
    "delete": "trace delete {trace} --yes",
    "repair": "bucket repair",
    "gc": "bucket gc",
    "init": "init",
    "init that keeps": "init --import-existing",
    "remove": "remove",
    "setup": "setup claude-code",
    "uninstall": "uninstall",
    "uninstall --purge": "uninstall --purge --yes",
}
NEW = Path(__file__).parents[2] / "data" / "claude-code" / "subagent" / "projects"


@pytest.fixture
def kept(imported: Machine, tmp_path: Path) -> Machine:
    """A machine of our own on which everything was kept, and an event waits."""
    machine = Machine(tmp_path / "kept", tmp_path / "claude")
    shutil.copytree(imported.home, machine.home)
    shutil.copytree(imported.claude, machine.claude)
    spool = machine.home / "spool" / "claude-code"
    spool.mkdir(parents=True)
    (spool / "unknown.jsonl").write_bytes(  # for which no command starts a worker
        b'{"opentraces":1,"at":1,"event":{"hook_event_name":"Stop"}}\n'
    )
    return machine


def filled(command: str, machine: Machine) -> list[str]:
    """Put the machine's own in the place of what a command names."""
    trace = next(machine.bucket.glob("traces/v1/*/*")).name
    told = {"trace": trace, "out": machine.root / "out", "new": NEW}
    return [word.format(**told) for word in command.split()]


@pytest.mark.parametrize("command", READING.values(), ids=READING)
def test_what_is_read_only_can_be_read(command: str, kept: Machine) -> None:
    words = filled(command, kept)
    expected = kept.run(*words)[:2] if "--json" in words else None
    before = tree(kept.home)

    code, out, errors = read_only(kept).said(*words)

    assert (code, errors) == ((1, "") if command == "doctor" else (0, ""))
    assert expected in (None, (code, out))
    assert tree(kept.home) == before


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_what_is_read_only_is_said_and_nothing_is_half_done(command: str, kept: Machine) -> None:
    kept.json("setup", "claude-code")
    before = tree(kept.root) | tree(kept.claude)

    code, out, errors = read_only(kept).said(*filled(command, kept))

    if command == "setup claude-code":
        kept.json("setup", "claude-code", "--remove")
        code, out, errors = read_only(kept).said(*filled(command, kept))
        before = tree(kept.root) | tree(kept.claude)
    assert (code, out, errors.count("\n")) == (5, b"", 1)
    assert f"{kept.home} cannot be written to: Read-only file system → make it" in errors
    assert tree(kept.root) | tree(kept.claude) == before


def test_what_could_not_be_caught_up_with_is_said_once(kept: Machine) -> None:
    marker = kept.home / "state" / "dirty" / next(kept.bucket.glob("traces/v1/*/*")).name
    marker.touch()

    code, out, errors = read_only(kept).said("trace", "query", "error", "--json")

    assert (code, errors.count("\n")) == (0, 1)
    assert errors.startswith("opentraces: not all can be found yet: ")
    assert json.loads(out)["total"]


def test_without_an_index_reading_goes_on(kept: Machine) -> None:
    shutil.rmtree(kept.home / "index")
    machine = read_only(kept)

    code, _, errors = machine.said("trace", "query", "error")

    assert (code, errors.count("\n")) == (5, 1)
    assert f"{kept.home} cannot be written to" in errors
    assert machine.said(*filled("trace get {trace}", kept))[0] == 0


def test_the_doctor_says_what_is_read_only(kept: Machine) -> None:
    code, out, _ = read_only(kept).said("doctor", "--json")

    assert code == 1
    said = [check for check in json.loads(out)["checks"] if check["level"] == "fail"]
    assert [check["topic"] for check in said] == ["home"]
    assert said[0]["text"] == f"{kept.home} cannot be written to: Read-only file system"
    assert "OPENTRACES_HOME" in said[0]["advice"]


NO_LOCKS = ("ENOLCK", "EOPNOTSUPP", "ENOSYS", "EINVAL")
_OF_DATABASES = ("query", "query for nothing", "usage")
LOCKED_READING = {name: READING[name] for name in READING if name not in _OF_DATABASES}


@pytest.mark.parametrize("number", NO_LOCKS)
def test_without_locks_nothing_is_written(number: str, kept: Machine) -> None:
    kept.json("setup", "claude-code")
    machine = refused(kept, "flock", getattr(errno, number))
    before = tree(kept.root) | tree(kept.claude)

    for command in WRITING.values():
        if "setup" not in command:
            code, out, errors = machine.said(*filled(command, kept))
            assert (code, out, errors.count("\n")) == (5, b"", 1), command
            assert f"{kept.home} cannot be written to: its file system has no locks" in errors
            assert "→ keep it on a local file system; OPENTRACES_HOME" in errors

    assert tree(kept.root) | tree(kept.claude) == before


@pytest.mark.parametrize("command", LOCKED_READING.values(), ids=LOCKED_READING)
def test_without_locks_what_is_kept_is_read(command: str, kept: Machine) -> None:
    code, _, errors = refused(kept, "flock").said(*filled(command, kept))

    assert (code, errors) == ((1, "") if command == "doctor" else (0, ""))


def test_an_index_that_cannot_be_locked_is_no_damage(kept: Machine) -> None:
    """Where not even a passing folder has locks; where it has, see the index's own tests."""
    before = tree(kept.home / "index")

    code, _, errors = refused(kept, "flock").said("trace", "query", "error")

    assert (code, errors.count("\n")) == (5, 1)
    assert "cannot be searched: no file can be locked (No locks available) → keep it" in errors
    assert tree(kept.home / "index") == before


def test_without_the_locks_of_sqlite_nobody_is_blamed(kept: Machine) -> None:
    before = tree(kept.bucket)

    code, _, errors = refused(kept, "fcntl").said(*filled("import {new}", kept))

    assert (code, errors.count("\n")) == (5, 1)
    assert f"{kept.home}/state cannot be written to: its file system has no locks" in errors
    assert tree(kept.bucket) == before


def test_usage_without_locks_says_what_is_missing(kept: Machine) -> None:
    for kind in ("flock", "fcntl"):
        code, out, errors = refused(kept, kind).said("usage")

        assert (code, out, errors.count("\n")) == (5, b"", 1)
        assert "its file system has no locks" in errors


@pytest.mark.parametrize("has_index", [True, False])
def test_without_maps_sessions_are_kept_and_read(has_index: bool, kept: Machine) -> None:
    machine = refused(kept, "mmap", errno.ENODEV)
    before = tree(kept.home / "index")
    if not has_index:
        shutil.rmtree(kept.home / "index")

    code, out, errors = machine.said("import", str(NEW), "--json")

    assert (code, json.loads(out)["kept"], errors.count("\n")) == (0, 1, 1)
    assert errors.startswith("opentraces: not all can be found yet: ")
    assert "maps no files (No such device) → keep it on a local file system" in errors
    code, _, errors = machine.said("trace", "query", "error")
    assert code == 5
    assert "cannot be searched: its file system maps no files" in errors
    assert machine.said(*filled("trace get {trace}", kept))[0] == 0
    assert machine.said(*filled("trace restore {trace} --to {out}", kept))[0] == 0
    if has_index:
        assert tree(kept.home / "index") == before
    assert len(kept.trace_ids()) == len(list(kept.bucket.glob("traces/v1/*/*")))


def test_without_maps_what_was_mended_is_said(kept: Machine) -> None:
    steps = next(kept.bucket.glob("traces/v1/*/*/steps.jsonl.gz"))
    steps.write_bytes(b"x" + steps.read_bytes()[1:])

    code, out, errors = refused(kept, "mmap", errno.ENODEV).said("bucket", "repair", "--json")

    assert (code, errors) == (0, "")
    said = json.loads(out)
    assert (len(said["mended"]), said["searchable"]) == (1, False)


def test_without_maps_a_trace_is_deleted(kept: Machine) -> None:
    words = filled("trace delete {trace} --yes --json", kept)

    code, out, _ = refused(kept, "mmap", errno.ENODEV).said(*words)

    assert (code, json.loads(out)["forgotten"]) == (0, False)
    assert words[2] not in kept.trace_ids()


@pytest.mark.parametrize("is_new", [True, False])
def test_an_index_that_cannot_be_looked_at_hinders_no_import(is_new: bool, kept: Machine) -> None:
    machine = mortal(kept)
    (kept.home / "index").chmod(0)
    places = [str(NEW)] if is_new else []

    code, out, errors = machine.said("import", *places, "--json")
    searched = machine.said("trace", "query", "error")

    (kept.home / "index").chmod(0o700)
    assert (code, json.loads(out)["kept"]) == (0, int(is_new))
    assert f"not all can be found yet: {kept.home}/index" in errors
    assert searched[:2] == (5, b"")
    assert f"{kept.home}/index" in searched[2]
    assert len(kept.trace_ids()) == len(list(kept.bucket.glob("traces/v1/*/*")))


@pytest.mark.parametrize("command", ["trace get x", "bucket verify", "bucket status", "import"])
def test_a_bucket_that_cannot_be_looked_at_is_named(command: str, kept: Machine) -> None:
    kept.bucket.chmod(0)

    code, _, errors = mortal(kept).said(*command.split())

    kept.bucket.chmod(0o700)
    assert (code, errors.count("\n")) == (5, 1)
    assert f"{kept.bucket}" in errors
    assert "Permission denied" in errors


def fired(machine: LiveMachine, medium: OnMedium) -> Ran:
    """Run the hook where a medium refuses."""
    before = f'exec {shlex.join(medium.before)} /bin/sh -c "$0"'
    return machine.hooked.run(event("Stop"), before=before)


def test_without_locks_no_event_is_lost(tmp_path: Path) -> None:
    machine = LiveMachine.prepared(tmp_path / "live")

    assert fired(machine, refused(machine, "flock")) == SILENT

    assert len(machine.hooked.events()) == 1


def test_a_hook_on_what_is_read_only_disturbs_nobody(tmp_path: Path) -> None:
    machine = LiveMachine.prepared(tmp_path / "live")
    before = tree(machine.home)

    assert fired(machine, read_only(machine)) == SILENT

    assert tree(machine.home) == before


def test_an_index_alone_that_is_read_only_hinders_no_import(kept: Machine) -> None:
    before = tree(kept.home / "index")
    machine = read_only(kept, "index")

    code, out, errors = machine.said("import", str(NEW), "--json")

    assert (code, json.loads(out)["kept"], errors.count("\n")) == (0, 1, 1)
    assert f"not all can be found yet: {kept.home}/index cannot be written to" in errors
    assert tree(kept.home / "index") == before
    assert kept.json("trace", "query", "--project", "subagent")["total"] == 1


def test_a_bucket_alone_that_is_read_only_is_named(kept: Machine) -> None:
    before = tree(kept.home)

    code, _, errors = read_only(kept, "bucket").said("import", str(NEW))

    assert (code, errors.count("\n")) == (5, 1)
    assert f"{kept.bucket} cannot be written to: Read-only file system → make it" in errors
    assert tree(kept.home) == before
