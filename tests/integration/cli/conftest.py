"""The command line on real sessions, in a home of each test's own."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from opentraces.entrypoints.cli.main import cli

DATA = Path(__file__).parents[2] / "data" / "claude-code"
PROGRAM = (sys.executable, "-m", "opentraces")

Call = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[bytes]]
Document = Callable[..., Any]


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run one command in this process, outside of any repository."""
    monkeypatch.chdir(home)

    def run(*arguments: str, **extra: Any) -> Result:
        return CliRunner().invoke(cli, arguments, prog_name="opentraces", **extra)

    return run


@pytest.fixture
def document(call: Call) -> Document:
    """Run one command that goes well, and return the JSON document that it prints."""

    def run(*arguments: str) -> Any:
        result = call(*arguments, "--json")
        assert result.exit_code == 0, result.output
        assert result.stdout.endswith("\n")
        assert result.stdout.count("\n") == 1
        return orjson.loads(result.stdout)

    return run


@pytest.fixture
def process(home: Path) -> Process:
    """Run one command as a process."""

    def run(*arguments: str, **extra: Any) -> subprocess.CompletedProcess[bytes]:
        options = {"cwd": home, "stdin": subprocess.DEVNULL, "timeout": 300, **extra}
        return subprocess.run([*PROGRAM, *arguments], capture_output=True, check=False, **options)

    return run


@pytest.fixture
def claude(home: Path) -> Path:
    """The folder of Claude Code, with sessions in it."""
    folder = home / ".claude"
    for name in ("edit_commit", "subagent"):
        shutil.copytree(DATA / name / "projects", folder / "projects", dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def kept_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sessions of `claude` were kept; only to be copied."""
    home = tmp_path_factory.mktemp("kept")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "OPENTRACES_HOME": str(home / ".opentraces"),
    }
    places = [str(DATA / name / "projects") for name in ("edit_commit", "subagent")]
    subprocess.run([*PROGRAM, "import", *places], env=environment, check=True, cwd=home)
    return home / ".opentraces"


@pytest.fixture
def kept(home: Path, kept_home: Path) -> Path:
    """The home folder of a machine on which sessions were kept."""
    shutil.copytree(kept_home, home / ".opentraces")
    return home / ".opentraces"


@pytest.fixture
def trace(kept: Path, document: Document) -> str:
    """The id of the kept trace that edits and commits."""
    hits = document("trace", "query", "--project", "edit-commit")["hits"]
    assert len(hits) == 1
    return str(hits[0]["trace_id"])
