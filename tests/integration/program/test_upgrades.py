"""Hooks go on when the program is taken away, and when it comes back as another release."""

import json
import os
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import opentraces
from tests.integration.hooks.workers import Workers
from tests.integration.program.machine import tree

pytestmark = pytest.mark.usefixtures("workers")

SESSION = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"
DATA = Path(__file__).parents[2] / "data" / "claude-code" / "edit_commit" / "projects"
PACKAGE = Path(opentraces.__path__[0])


class Machine:
    """One user's machine, with the program in an environment that a tool made for it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tool = root / "tools" / "opentraces"
        self.repository = root / "edit-commit"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root),
            "OPENTRACES_HOME": str(root / ".opentraces"),
        }
        shutil.copytree(DATA, root / ".claude" / "projects")
        subprocess.run(["git", "init", "-q", str(self.repository)], check=True)

    def install(self, release: str) -> None:
        """Make the environment anew, as an upgrade does, with that release of the package."""
        shutil.rmtree(self.tool, ignore_errors=True)
        venv.create(self.tool, symlinks=True)
        packages = next(self.tool.glob("lib/python3*/site-packages"))
        shutil.copytree(PACKAGE, packages / "opentraces")
        (packages / "opentraces" / "__init__.py").write_text(
            f'"""A release."""\n\n__version__ = "{release}"\n'
        )
        (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()) + "\n")

    def run(self, *arguments: str) -> str:
        """Run one command of the program, in the repository."""
        done = subprocess.run(
            [self.tool / "bin" / "python", "-P", "-m", "opentraces", *arguments],
            env=self.environment,
            cwd=self.repository,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    def stop(self) -> tuple[int, bytes, bytes]:
        """Run what the agent's settings say for its Stop, as the agent does."""
        settings = json.loads((self.root / ".claude" / "settings.json").read_bytes())
        command = settings["hooks"]["Stop"][0]["hooks"][0]["command"]
        transcript = next((self.root / ".claude").rglob(f"{SESSION}.jsonl"))
        event = {
            "session_id": SESSION,
            "transcript_path": str(transcript),
            "cwd": str(self.repository),
            "hook_event_name": "Stop",
        }
        done = subprocess.run(
            ["sh", "-c", command],
            input=json.dumps(event).encode() + b"\n",
            env={"PATH": os.environ["PATH"], "HOME": str(self.root)},
            cwd=self.repository,
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    @property
    def waiting(self) -> list[Path]:
        """The files of the spool."""
        return list((self.root / ".opentraces" / "spool" / "claude-code").glob("*"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if sys.prefix == sys.base_prefix:
        pytest.skip("the libraries are not in an environment of their own")
    machine = Machine(tmp_path / "home")
    machine.install("0.1.0")
    machine.run("setup", "claude-code")
    machine.run("init")
    return machine


def test_an_upgrade_at_the_same_place_changes_nothing(machine: Machine, workers: Workers) -> None:
    machine.install("0.2.0")

    assert machine.stop() == (0, b"", b"")
    workers.wait()
    assert machine.waiting == []
    record = json.loads(machine.run("trace", "get", SESSION, "--json"))
    assert record["metadata"]["hooks"]["events"] == {"Stop": 1}


def test_while_the_program_is_gone_the_agent_is_not_disturbed(
    machine: Machine, workers: Workers
) -> None:
    shutil.rmtree(machine.tool)

    assert machine.stop() == (0, b"", b"")

    machine.install("0.2.0")
    assert machine.stop() == (0, b"", b"")
    workers.wait()
    assert machine.waiting == []


def test_what_came_while_the_package_was_gone_is_taken_up_when_it_is_back(
    machine: Machine, workers: Workers
) -> None:
    package = next(machine.tool.rglob("site-packages/opentraces"))
    package.rename(package.with_name("gone"))

    assert machine.stop() == (0, b"", b"")
    workers.wait()
    assert len(machine.waiting) == 1

    machine.install("0.2.0")
    assert machine.stop() == (0, b"", b"")
    workers.wait()
    assert machine.waiting == []
    record = json.loads(machine.run("trace", "get", SESSION, "--json"))
    assert record["metadata"]["hooks"]["events"] == {"Stop": 2}


def records(machine: Machine) -> dict[str, str]:
    """Every record, by its trace's id."""
    hits = json.loads(machine.run("trace", "query", "--json"))["hits"]
    return {hit["trace_id"]: machine.run("trace", "get", hit["trace_id"], "--json") for hit in hits}


def test_what_was_kept_outlives_an_uninstall_and_is_there_for_the_next_install(
    machine: Machine, workers: Workers
) -> None:
    agent = machine.root / ".claude"
    settings = agent / "settings.json"
    assert machine.stop() == (0, b"", b"")
    workers.wait()
    assert machine.waiting == []
    before, bucket = records(machine), tree(machine.root / ".opentraces" / "bucket")

    done = machine.run("uninstall")
    shutil.rmtree(machine.tool)

    assert "stay → opentraces uninstall --purge" in done
    assert not settings.exists()
    assert not (machine.repository / ".git" / "info" / "exclude").read_text().count("opentraces")
    machine.install("0.2.0")
    status = json.loads(machine.run("status", "--json"))
    assert (status["enrolled"], status["hooks"]["claude-code"]["installed"]) == ([], False)
    machine.run("setup", "claude-code")
    machine.run("init")
    imported = json.loads(machine.run("import", "--all", "--json"))
    assert (imported["kept"], imported["unchanged"]) == (0, 1)
    assert records(machine) == before
    assert tree(machine.root / ".opentraces" / "bucket") == bucket
    assert machine.stop() == (0, b"", b"")
    workers.wait()
    assert machine.waiting == []
    (record,) = map(json.loads, records(machine).values())
    assert record["metadata"]["hooks"]["events"] == {"Stop": 2}


def test_an_uninstall_that_purges_says_what_goes_and_a_new_install_begins_anew(
    machine: Machine,
) -> None:
    home = machine.root / ".opentraces"
    machine.run("import", "--all")
    parts = {str(path) for path in home.iterdir()}

    said = machine.run("uninstall", "--purge", "--dry-run")
    assert {line.split()[0] for line in said.splitlines() if str(home) in line} == parts
    assert home.exists()
    done = json.loads(machine.run("uninstall", "--purge", "--yes", "--json"))

    assert {part["path"] for part in done["kept"]} == parts
    assert done["purged"]
    assert not home.exists()
    shutil.rmtree(machine.tool)
    machine.install("0.2.0")
    machine.run("setup", "claude-code")
    machine.run("init")
    assert json.loads(machine.run("import", "--all", "--json"))["kept"] == 1
    assert len(records(machine)) == 1


def test_hooks_of_a_program_that_is_gone_can_be_removed_by_the_next(machine: Machine) -> None:
    shutil.rmtree(machine.tool)
    assert machine.stop() == (0, b"", b"")

    machine.install("0.2.0")
    machine.run("uninstall")

    assert not (machine.root / ".claude" / "settings.json").exists()
    assert not (machine.root / ".claude" / "hooks").exists()
