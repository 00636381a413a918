"""A user's machine with a repository, Git's own commands, and ours in this process."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from opentraces.domain.git_hooks import key_of
from opentraces.entrypoints.cli.main import cli

Opentraces = Callable[..., str]


class Place:
    """One repository, and what a user does in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "widgets"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
        }

    @property
    def hooks(self) -> Path:
        return self.root / ".git" / "hooks"

    @property
    def notes(self) -> Path:
        key = key_of(str((self.root / ".git").resolve()))
        return self.home / ".opentraces" / "spool" / "git" / key

    def git(self, *arguments: str, at: Path | None = None, **more: str) -> str:
        """Run git; its standard output and error must be those of git alone."""
        run = subprocess.run(
            ["git", *arguments],
            cwd=at or self.root,
            env={**self.environment, **more},
            capture_output=True,
            check=True,
            text=True,
        )
        return run.stdout + run.stderr

    def commit(self, *options: str, at: Path | None = None) -> str:
        return self.git("commit", "--quiet", "--allow-empty", "-m", "x", *options, at=at)

    def head(self, at: Path | None = None) -> str:
        return self.git("rev-parse", "HEAD", at=at).strip()

    def noted(self) -> list[str]:
        """What hooks noted, without the times."""
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return [" ".join(word for n, word in enumerate(line.split()) if n != 1) for line in lines]

    def hook(self, name: str, script: str, mode: int = 0o755) -> Path:
        """Be the user, and write a hook."""
        file = self.hooks / name
        file.write_text(script)
        file.chmod(mode)
        return file

    def tree(self, *apart: str) -> dict[str, tuple[int, bytes]]:
        """Everything in the repository's folder of hooks: mode and bytes."""
        files = [file for file in self.hooks.rglob("*") if file.is_file()]
        return {file.name: (file.stat().st_mode, file.read_bytes()) for file in files}


@pytest.fixture
def place(home: Path) -> Place:
    place = Place(home)
    place.root.mkdir()
    place.git("init", "--quiet", "--initial-branch=main")
    for sample in place.hooks.glob("*"):
        sample.unlink()
    place.commit()
    return place


@pytest.fixture
def opentraces(place: Place, monkeypatch: pytest.MonkeyPatch) -> Opentraces:
    """Run a command that goes well in the repository, or `at` another place."""

    def run(*arguments: str, at: Path | None = None, code: int = 0) -> str:
        monkeypatch.chdir(at or place.root)
        result = CliRunner().invoke(cli, arguments, prog_name="opentraces")
        assert result.exit_code == code, result.output
        return result.stdout

    return run


@pytest.fixture
def document(opentraces: Opentraces) -> Callable[..., Any]:
    """Likewise, and return the JSON that it prints."""
    return lambda *arguments, **more: orjson.loads(opentraces(*arguments, "--json", **more))
