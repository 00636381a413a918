"""Homes in which every text was kept, made once and only asked."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from opentraces.entrypoints.cli.main import cli

Found = Callable[..., list[dict[str, Any]]]


def keep(home: Path) -> None:
    """Keep all sessions of a home."""
    run(home, home, "import", "--all")


def run(home: Path, folder: Path, *arguments: str) -> None:
    """Run a command that must succeed for a home, in a folder and a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "opentraces", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "OPENTRACES_HOME": str(home / ".opentraces"),
        },
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Found:
    """Ask `trace query` one text as one argument, in a home; return the hits, best first."""

    def ask(home: Path, text: str) -> list[dict[str, Any]]:
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("OPENTRACES_HOME", str(home / ".opentraces"))
        monkeypatch.chdir(home)
        result = CliRunner().invoke(cli, ["trace", "query", "--json", text])
        assert result.exit_code == 0, result.output
        hits: list[dict[str, Any]] = orjson.loads(result.stdout)["hits"]
        return hits

    return ask
