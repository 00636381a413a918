"""Which repositories are captured: those on the user's own list; of others nothing is left."""

import json
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import SILENT, HookedMachine, both, event
from tests.integration.hooks.tree import everything
from tests.integration.hooks.workers import Workers, reports

WITNESS = "import pathlib; pathlib.Path({place!r}).touch()\n"
TOLD_BY_A_REPOSITORY = (
    "OPENTRACES_HOME",
    "HOME",
    "XDG_DATA_HOME",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONUSERBASE",
    "TMPDIR",
)


@pytest.fixture
def stranger(machine: HookedMachine) -> Path:
    """A repository that is not enrolled."""
    folder = machine.root / "work" / "stranger"
    (folder / ".git").mkdir(parents=True)
    (folder / "src").mkdir()
    return folder


@both
@pytest.mark.parametrize("inside", ["", "src"])
@pytest.mark.parametrize("name", ["UserPromptSubmit", "Stop"])
def test_of_another_repository_nothing_is_left(
    name: str, inside: str, machine: HookedMachine, stranger: Path, workers: Workers
) -> None:
    before = everything(machine.root)

    ran = machine.run(event(name), project=stranger / inside)

    assert ran == SILENT
    assert workers.wait() == 0
    assert everything(machine.root) == before


@both
def test_outside_of_any_repository_nothing_is_left(machine: HookedMachine) -> None:
    before = everything(machine.root)

    for folder in (machine.root / "work", machine.home, Path("/")):
        assert machine.run(event("Stop"), project=folder) == SILENT

    assert everything(machine.root) == before


@both
def test_repository_inside_an_enrolled_one_is_another(machine: HookedMachine) -> None:
    nested = machine.repository / "vendor" / "nested"
    (nested / "src").mkdir(parents=True)
    (nested / ".git").write_text("gitdir: ../../.git/modules/nested\n")

    for folder in (nested, nested / "src"):
        assert machine.run(event("Stop"), project=folder) == SILENT

    assert machine.spooled() == []


@both
@pytest.mark.parametrize("neighbour", ["widgets-old", "widget", "WIDGETS"])
def test_name_that_is_alike_is_another(neighbour: str, machine: HookedMachine) -> None:
    folder = machine.repository.parent / neighbour
    folder.mkdir()

    machine.run(event(), project=folder)

    assert machine.spooled() == []


@both
def test_folder_of_an_enrolled_repository_belongs_to_it(machine: HookedMachine) -> None:
    deep = machine.repository.joinpath(*"abcdefgh")
    deep.mkdir(parents=True)

    assert machine.run(event(), project=deep) == SILENT

    assert len(machine.events()) == 1


@both
def test_worktree_counts_when_it_is_listed(machine: HookedMachine) -> None:
    listed, other = machine.root / "trees" / "listed", machine.root / "trees" / "other"
    for worktree in (listed, other):
        worktree.mkdir(parents=True)
        (worktree / ".git").write_text(f"gitdir: {machine.repository}/.git/worktrees/x\n")
    machine.enrol(machine.repository, listed)

    for worktree in (listed, other):
        machine.run(event(prompt=worktree.name), project=worktree)

    assert [said["prompt"] for said in machine.events()] == ["listed"]


@both
def test_enrolled_worktree_inside_an_enrolled_repository(machine: HookedMachine) -> None:
    worktree = machine.repository / ".worktrees" / "topic"
    worktree.mkdir(parents=True)
    (worktree / ".git").write_text("gitdir: ../../.git/worktrees/topic\n")
    machine.enrol(worktree)

    machine.run(event(), project=worktree)
    machine.run(event("Stop"), environment=machine.environment())

    assert [said["hook_event_name"] for said in machine.events()] == ["UserPromptSubmit"]


@both
def test_symbolic_link_is_followed_to_the_repository(machine: HookedMachine) -> None:
    (machine.repository / "src").mkdir()
    link, inner = machine.root / "link", machine.root / "inner"
    link.symlink_to(machine.repository)
    inner.symlink_to(machine.repository / "src")

    for number, folder in enumerate([link, link / "src", inner]):
        machine.run(event(number=number), project=folder)

    assert [said["number"] for said in machine.events()] == [0, 1, 2]


@both
def test_link_in_an_enrolled_repository_does_not_enrol_its_target(
    machine: HookedMachine, stranger: Path
) -> None:
    (machine.repository / "link").symlink_to(stranger)

    machine.run(event(), project=machine.repository / "link")

    assert machine.spooled() == []


def test_project_goes_before_the_working_directory(machine: HookedMachine, stranger: Path) -> None:
    machine.run(event(prompt="x"), project=stranger)
    machine.run(event(prompt="y"), cwd=stranger)

    assert [said["prompt"] for said in machine.events()] == ["y"]


def test_without_a_project_the_working_directory_decides(
    machine: HookedMachine, stranger: Path
) -> None:
    told = machine.environment()
    del told["CLAUDE_PROJECT_DIR"]

    machine.run(event(prompt="x"), environment=told)
    machine.run(event(prompt="y"), environment=told, cwd=stranger)

    assert [said["prompt"] for said in machine.events()] == ["x"]


@both
@pytest.mark.parametrize("listed", ["", "\n\n", "{}/../..\n", "work/widgets\n", "{}/\n", " {}\n"])
def test_line_that_is_no_real_path_enrols_nothing(listed: str, machine: HookedMachine) -> None:
    machine.enrolled.write_text(listed.format(machine.repository))

    machine.run(event())

    assert machine.spooled() == []


def make_hostile(folder: Path) -> Path:
    """Put into a repository all that might enrol it or run something; return what would tell."""
    witness = folder / "witness"
    code = WITNESS.format(place=str(witness))
    store = folder / ".opentraces"
    (store / "state" / "enrolled").mkdir(parents=True)
    for agent in ("claude-code", "codex-cli"):
        (store / "state" / "enrolled" / agent).write_text(f"{folder}\n")
    (store / "config.toml").write_text('claude_config_dirs = ["/etc"]\n')
    settings = {"env": {"OPENTRACES_HOME": str(store)}, "hooks": {}}
    (folder / ".claude").mkdir()
    (folder / ".claude" / "settings.json").write_text(json.dumps(settings))
    shell = f"touch {witness}"
    keys = ("fsmonitor", "sshCommand", "pager", "editor", "hooksPath")
    lines = [f"\t{key} = {shell}\n" for key in keys]
    (folder / ".git" / "config").write_text("[core]\n" + "".join(lines))
    for name in ("fcntl", "select", "posix", "time", "sitecustomize", "usercustomize", "click"):
        (folder / f"{name}.py").write_text(code)
    (folder / "opentraces").mkdir()
    for name in ("__init__", "__main__"):
        (folder / "opentraces" / f"{name}.py").write_text(code)
    (folder / "bin").mkdir()
    for name in ("git", "python", "python3", "opentraces"):
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{shell}\n")
        (folder / "bin" / name).chmod(0o755)
    return witness


def told_by(folder: Path) -> dict[str, str]:
    """Return an environment in which all that may be named names a hostile repository."""
    named = dict.fromkeys(TOLD_BY_A_REPOSITORY, str(folder))
    return named | {
        "OPENTRACES_HOME": str(folder / ".opentraces"),
        "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
        "PYTHONSTARTUP": str(folder / "time.py"),
        "PYTHONINSPECT": "1",
        "PYTHONBREAKPOINT": "click.run",
        "PYTHONWARNINGS": "error",
        "GIT_DIR": str(folder / ".git"),
        "CLAUDE_CODE_SESSION_ID": "../../../escape",
        "CLAUDE_PROJECT_DIR": str(folder),
    }


@both
def test_hostile_repository_neither_enrols_itself_nor_runs_anything(
    machine: HookedMachine, stranger: Path, workers: Workers
) -> None:
    make_hostile(stranger)
    before = everything(machine.root)

    for name in ("SessionStart", "Stop"):
        ran = machine.run(event(name), environment=told_by(stranger), cwd=stranger)
        assert ran == SILENT

    assert workers.wait() == 0
    assert everything(machine.root) == before


def test_hostile_repository_runs_nothing_when_it_is_enrolled(
    machine: HookedMachine, workers: Workers
) -> None:
    witness = make_hostile(machine.repository)
    before = everything(machine.repository)
    told = told_by(machine.repository)

    assert machine.run(event("Stop"), environment=told, cwd=machine.repository) == SILENT

    assert workers.wait() == len(reports(machine.store)) == 1
    assert len(machine.events()) == 1
    assert everything(machine.repository) == before
    assert not witness.exists()
