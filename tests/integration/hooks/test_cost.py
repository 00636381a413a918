"""What a hook does, counted and not timed: little, and the same in any repository."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import SESSION, CodexMachine, HookedMachine, both, event

OURS = {"fcntl", "select"}
BUILT_IN = {"posix", "time"}
"""Part of every interpreter; which of them a bare one has imported depends on its version."""

WATCHED = """
import posix, sys
script, home = sys.argv[1:]
source = open(script).read()
def watch(what, arguments):
    if what == "open" or what.startswith(("os.", "subprocess.", "fcntl.", "import")):
        posix.write(2, f"{what} {arguments[0] if arguments else ''}\\n".encode())
sys.argv = [script, home]
code = compile(source, script, "exec")
sys.addaudithook(watch)
exec(code, {"__name__": "__main__"})
"""


def repository_of(folder: Path, files: int) -> Path:
    """Make a repository with that many tracked files."""
    for number in range(files):
        place = folder / f"package_{number % 40}" / f"module_{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"NUMBER = {number}\n")
    git = ("git", "-C", str(folder))
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    tracked = subprocess.run([*git, "ls-files"], check=True, capture_output=True).stdout
    assert tracked.count(b"\n") == files
    return folder


@pytest.fixture(scope="session")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A small repository and a large one."""
    root = tmp_path_factory.mktemp("repositories")
    return {files: repository_of(root / str(files), files) for files in (17, 8_000)}


def done(machine: HookedMachine, repository: Path, payload: bytes) -> list[str]:
    """Return what a hook opened, started and imported, in order, without the names of places."""
    ran = subprocess.run(
        [machine.python, "-I", "-S", "-c", WATCHED, machine.script, machine.store],
        input=payload,
        env=machine.environment(repository),
        cwd=repository,
        capture_output=True,
        check=True,
    )
    places = {machine.store: "HOME", repository: "REPOSITORY", machine.python: "PYTHON"}
    return [_renamed(line, places) for line in ran.stderr.decode().splitlines()]


def _renamed(line: str, places: dict[Path, str]) -> str:
    for place, name in places.items():
        line = line.replace(str(place), name)
    return line


@both
@pytest.mark.parametrize("name", ["UserPromptSubmit", "Stop"])
@pytest.mark.parametrize("is_enrolled", [True, False])
def test_hook_does_the_same_in_a_small_and_in_a_large_repository(
    name: str, is_enrolled: bool, machine: HookedMachine, repositories: dict[int, Path]
) -> None:
    if is_enrolled:
        machine.enrol(*repositories.values())
    for folder in repositories.values():
        machine.run(event(), project=folder)
    payload = event(name, prompt="x" * 100_000)

    small, large = (done(machine, folder, payload) for folder in repositories.values())

    assert small == large
    assert small


def test_hook_opens_the_list_and_the_spool_and_starts_nothing(machine: HookedMachine) -> None:
    machine.run(event())

    did = [line for line in done(machine, machine.repository, event()) if _is_ours(line)]

    assert did == [
        *["open HOME/state/enrolled/claude-code"] * 2,  # Python's own file, and its descriptor
        "os.chdir b'REPOSITORY'",
        f"open HOME/spool/claude-code/{SESSION}.jsonl",
        "fcntl.flock 3",
    ]


@pytest.mark.parametrize("machine", [CodexMachine], indirect=True)
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("UserPromptSubmit", []),
        ("Stop", ["os.chdir HOME", "open state/ingest.log", "os.posix_spawn PYTHON"]),
    ],
)
def test_hook_of_codex_opens_the_list_and_each_level_of_its_folder(
    name: str, more: list[str], machine: HookedMachine
) -> None:
    machine.run(event())
    deep = machine.repository / "src" / "deep"
    deep.mkdir(parents=True)

    did = [line for line in done(machine, deep, event(name)) if _is_ours(line)]

    assert did == [
        *["open HOME/state/enrolled/codex-cli"] * 2,
        *["os.chdir b'..'"] * 2,
        *("open .", "open .opentraces", "open codex-cli", "open hooks"),
        f"open {SESSION}.jsonl",
        "fcntl.flock 7",
        *more,
    ]


@both
def test_hook_opens_the_list_alone_where_nothing_is_enrolled(machine: HookedMachine) -> None:
    machine.enrol()

    did = [line for line in done(machine, machine.repository, event("Stop")) if _is_ours(line)]

    did = [line for line in did if line != "os.chdir b'REPOSITORY'"]
    assert did == [f"open HOME/state/enrolled/{machine.agent}"] * 2
    assert machine.spooled() == []


@both
def test_hook_waits_for_no_other_hook(machine: HookedMachine) -> None:
    machine.run(event())
    alone = done(machine, machine.repository, event())

    with (machine.spool / f"{SESSION}.jsonl").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert done(machine, machine.repository, event()) == alone


def test_closing_event_opens_the_log_too_and_starts_one_process(machine: HookedMachine) -> None:
    machine.run(event())

    did = [line for line in done(machine, machine.repository, event("Stop")) if _is_ours(line)]

    assert did[5:] == ["os.chdir HOME", "open state/ingest.log", "os.posix_spawn PYTHON"]


def _is_ours(line: str) -> bool:
    """Whether the hook did it itself, and not the import of a module."""
    return not line.startswith(("import ", f"os.listdir {sys.base_prefix}"))


@both
def test_hook_imports_a_few_modules_of_the_standard_library(machine: HookedMachine) -> None:
    bare = set(_imported(machine, "-c", "pass"))
    ours = set(_imported(machine, str(machine.script), str(machine.store)))

    assert OURS <= ours - bare <= OURS | BUILT_IN
    assert len(machine.events()) == 1


def _imported(machine: HookedMachine, *arguments: str) -> Iterator[str]:
    ran = subprocess.run(
        [machine.python, "-I", "-S", "-X", "importtime", *arguments],
        input=event(),
        env=machine.environment(),
        cwd=machine.repository,
        capture_output=True,
        check=True,
    )
    for line in ran.stderr.decode().splitlines()[1:]:
        yield line.rpartition("|")[2].strip()
