"""One user's folder, in which the real command line runs in this process."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from opentraces.adapters.filesystem import durable
from opentraces.application import ingest_events
from opentraces.entrypoints.cli.main import cli

DATA = Path(__file__).parents[2] / "data" / "claude-code"


@dataclass(frozen=True)
class Place:
    """A folder with all that a user has: the agent's files, a repository, our home."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / ".opentraces"

    @property
    def bucket(self) -> Path:
        return self.home / "bucket"

    @property
    def projects(self) -> Path:
        """Where the agent keeps its sessions."""
        return self.root / ".claude" / "projects"

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.root), "OPENTRACES_HOME": str(self.home)}

    def play(self, *arguments: str, folder: str = ".") -> Result:
        """Run one command to its end, whatever that is; it leaves no worker behind."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root / folder)
            patch.setattr(os, "posix_spawn", lambda *_, **__: 0)
            patch.setattr(ingest_events, "_SETTLE_S", 0.001)
            runner = CliRunner(env=self.environment)
            return runner.invoke(cli, arguments, prog_name="opentraces")

    def call(self, *arguments: str, folder: str = ".") -> Result:
        """Run one command, and do not wait for the disk."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(durable, "_SYNC", lambda _: 0)
            patch.setattr(durable, "_FEW", 0)
            return self.play(*arguments, folder=folder)

    def json(self, *arguments: str) -> Any:
        """Run one command that must succeed, and read what it prints."""
        result = self.call(*arguments, "--json")
        assert result.exit_code == 0, (arguments, result.output)
        return orjson.loads(result.stdout)

    def take(self, name: str) -> None:
        """Let the agent have had the sessions of a fixture."""
        shutil.copytree(DATA / name / "projects", self.projects, dirs_exist_ok=True)

    def transcripts(self) -> list[Path]:
        return sorted(self.projects.glob("*/*.jsonl"))

    def copy_to(self, folder: Path) -> None:
        """Put all of it aside."""
        shutil.copytree(self.root, folder, symlinks=True)

    def put_back(self, folder: Path) -> None:
        """Have again what was put aside."""
        self.clear()
        shutil.copytree(folder, self.root, symlinks=True)

    def clear(self) -> None:
        """Have nothing; a thread of an index that was let go may still be writing there."""
        while self.root.exists():
            shutil.rmtree(self.root, ignore_errors=True)
