"""Whatever is broken on the machine: the hook ends with 0, prints nothing, and spoils nothing."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import (
    LONGEST_S,
    SESSION,
    SILENT,
    HookedMachine,
    Ran,
    both,
    event,
)
from tests.integration.hooks.workers import Workers, make_python, reports


@both
def test_without_a_home_in_the_environment_the_event_is_kept(machine: HookedMachine) -> None:
    told = machine.environment()
    del told["HOME"]

    assert machine.run(event(prompt="x"), environment=told) == SILENT
    assert machine.run(event(prompt="y"), environment={}) == SILENT

    assert [said["prompt"] for said in machine.events()] == ["x", "y"]


@both
def test_disk_that_may_only_be_read(machine: HookedMachine, mortal: str) -> None:
    folders = [machine.root, *(path for path in machine.root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)

    ran = machine.run(event("Stop"), before=mortal)

    for folder in folders:
        folder.chmod(0o700)
    assert ran == SILENT
    assert not machine.top.exists()


@both
@pytest.mark.parametrize("is_outermost", [True, False])
def test_file_in_the_place_of_a_folder(is_outermost: bool, machine: HookedMachine) -> None:
    place = machine.top if is_outermost else machine.spool
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine\n")

    assert machine.run(event("Stop")) == SILENT

    assert place.read_text() == "mine\n"


@both
def test_folder_in_the_place_of_the_file(machine: HookedMachine) -> None:
    place = machine.spool / f"{SESSION}.jsonl"
    place.mkdir(parents=True)

    assert machine.run(event("Stop")) == SILENT

    assert list(place.iterdir()) == []


@both
def test_nothing_is_written_through_a_symbolic_link(machine: HookedMachine) -> None:
    elsewhere = machine.root / "elsewhere"
    elsewhere.write_text("mine\n")
    machine.spool.mkdir(parents=True)
    (machine.spool / f"{SESSION}.jsonl").symlink_to(elsewhere)

    assert machine.run(event()) == SILENT

    assert elsewhere.read_text() == "mine\n"


@both
@pytest.mark.parametrize("is_read", [False, True])
def test_named_pipe_is_neither_waited_for_nor_written_to(
    is_read: bool, machine: HookedMachine
) -> None:
    machine.spool.mkdir(parents=True)
    pipe = machine.spool / f"{SESSION}.jsonl"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK) if is_read else -1

    assert machine.run(event()) == SILENT

    if is_read:
        assert os.read(reader, 100) == b""
        os.close(reader)


@both
def test_list_that_may_not_be_read_enrols_nothing(machine: HookedMachine, mortal: str) -> None:
    machine.enrolled.chmod(0)

    assert machine.run(event(), before=mortal) == SILENT

    assert machine.spooled() == []


@both
def test_folder_of_ours_that_is_gone_is_not_made_again(machine: HookedMachine) -> None:
    machine.store.rename(machine.root / "gone")

    assert machine.run(event("Stop")) == SILENT

    assert not machine.store.exists()


@pytest.fixture
def small_disk(machine: HookedMachine) -> Iterator[HookedMachine]:
    """A machine with a disk of 256 kB for its events."""
    options = ["-t", "tmpfs", "-o", "size=256k", "tmpfs"]
    if os.geteuid() or subprocess.run(["mount", *options, machine.disk], check=False).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield machine.prepare()
    finally:
        subprocess.run(["umount", "--lazy", machine.disk], check=True)


@both
def test_full_disk(small_disk: HookedMachine, workers: Workers) -> None:
    machine = small_disk
    filler = machine.disk / "filler"
    assert machine.run(event(prompt="before")) == SILENT
    fill = ["dd", "if=/dev/zero", f"of={filler}", "bs=1k"]
    assert subprocess.run(fill, check=False, capture_output=True).returncode == 1

    assert machine.run(event("Stop", prompt="x" * 10_000)) == SILENT
    filler.unlink()
    assert machine.run(event(prompt="after")) == SILENT

    assert [said["prompt"] for said in machine.events()] == ["before", "after"]
    assert workers.wait() <= 1


@both
def test_full_disk_that_takes_a_part_of_a_line(small_disk: HookedMachine) -> None:
    machine = small_disk
    assert machine.run(event(prompt="before")) == SILENT

    assert machine.run(event(prompt="x" * 1_000_000)) == SILENT
    [torn] = machine.lines()[1:]
    os.truncate(machine.spool / f"{SESSION}.jsonl", len(machine.lines()[0]) + 1000)
    assert machine.run(event(prompt="after")) == SILENT

    assert 1000 < len(torn) < 1_000_000
    assert [said["prompt"] for said in machine.events()] == ["before", "after"]


@both
@pytest.mark.parametrize("blocks", [0, 1])
def test_limit_on_the_size_of_files_spoils_no_later_event(
    blocks: int, machine: HookedMachine
) -> None:
    machine.run(event(prompt="before"))

    assert machine.run(event("Stop", prompt="x" * 1000), before=f"ulimit -f {blocks}") == SILENT

    machine.run(event(prompt="after"))
    assert [said["prompt"] for said in machine.events()] == ["before", "after"]


@both
@pytest.mark.parametrize("limit", ["ulimit -v 9000", "ulimit -s 64"])
def test_limits_are_endured(limit: str, machine: HookedMachine) -> None:
    assert machine.run(event("Stop"), before=limit) == SILENT


@both
@pytest.mark.parametrize("name", ["interpreter", "script", "both"])
def test_what_is_gone_is_not_complained_of(name: str, machine: HookedMachine) -> None:
    python = machine.python if name == "script" else machine.root / "gone" / "python"
    if name != "interpreter":
        machine.script.unlink()

    assert replace(machine, python=python).run(event("Stop")) == SILENT

    assert machine.spooled() == []


@both
def test_event_is_kept_when_the_package_is_gone(
    machine: HookedMachine, workers: Workers, tmp_path: Path
) -> None:
    bare = replace(machine, python=make_python(tmp_path / "bare", with_package=False))

    assert bare.run(event("Stop")) == SILENT

    assert len(bare.events()) == 1
    assert workers.wait() == 1
    assert "No module named opentraces" in bare.log.read_text()


@both
@pytest.mark.parametrize("closed", ["exec >&-", "exec 2>&-", "exec >&- 2>&-"])
def test_output_that_is_closed(closed: str, machine: HookedMachine, workers: Workers) -> None:
    assert machine.run(event("Stop"), before=closed) == SILENT

    assert len(machine.events()) == 1
    assert workers.wait() == len(reports(machine.store)) == 1


@both
def test_output_that_nobody_reads(machine: HookedMachine) -> None:
    with machine.start(subprocess.PIPE) as process:
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
        assert process.stdin is not None
        process.stdin.write(event())
        process.stdin.close()
        assert process.wait(LONGEST_S) == 0

    assert len(machine.events()) == 1


def test_working_directory_that_is_gone(machine: HookedMachine) -> None:
    gone = machine.root / "gone"
    remove = f"mkdir {gone}; cd {gone}; rmdir {gone}"
    told = machine.environment()
    del told["CLAUDE_PROJECT_DIR"]

    named = machine.run(event(prompt="x"), before=remove)
    unnamed = machine.run(event(prompt="y"), before=remove, environment=told)

    # The shell itself complains of such a folder, before it comes to our line.
    assert [(ran.code, ran.out) for ran in (named, unnamed)] == [(0, b""), (0, b"")]
    assert [said["prompt"] for said in machine.events()] == ["x"]


def test_enrolled_worktree_that_is_gone_is_known_by_its_name(machine: HookedMachine) -> None:
    gone, inside = machine.repository / "gone", machine.repository / "gone" / "inside"
    machine.enrol(machine.repository, gone)

    assert machine.run(event(prompt="x"), environment=machine.environment(gone)) == SILENT
    assert machine.run(event(prompt="y"), environment=machine.environment(inside)) == SILENT

    assert [said["prompt"] for said in machine.events()] == ["x"]


@both
def test_names_that_the_shell_would_take_apart(machine: HookedMachine, tmp_path: Path) -> None:
    named = type(machine)(tmp_path / 'it\'s $HOME & `more` "☃" \\', machine.python).prepare()

    assert named.run(event("Stop")) == SILENT

    assert len(named.events()) == 1
    assert str(named.store) in shlex.split(named.command)


@both
@pytest.mark.parametrize("arguments", [(), ("",), ("relative",), ("/dev/null",), ("\udcff", "two")])
def test_script_is_silent_without_the_shell_too(
    arguments: tuple[str, ...], machine: HookedMachine
) -> None:
    ran = subprocess.run(
        [machine.python, "-I", "-S", machine.script, *arguments],
        input=event("Stop"),
        env=machine.environment(),
        cwd=machine.root,
        capture_output=True,
        check=False,
    )

    assert Ran(ran.returncode, ran.stdout, ran.stderr) == SILENT
    assert machine.spooled() == []
