"""A named pipe in the place of a file is waited for by no command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.conftest import DATA

LONGEST_S = 300
"""A command that waits for a pipe waits for ever."""

INDEX = ("meta.json", ".managed.json", "bucket_id", ".digests", "*.term", ".tantivy-*.lock")
PLACES = (
    "config.toml",
    "projects.json",
    "state/ingest.log",
    "state/enrolled/claude-code",
    "state/ledger.sqlite",
    "state/ledger.sqlite-journal",
    "state/ledger.sqlite.looking",
    "state/trails.sqlite",
    "state/trails.sqlite-journal",
    "state/trails.sqlite.lock",
    "state/locks/blobs",
    "spool/claude-code/afc0be94-d3d5-4c5a-951b-c0815f74cb07.jsonl",
    "bucket/bucket.json",
    "bucket/traces/v1/*/*/trace.json",
    "index/writer.lock",
    *(f"index/*/{name}" for name in INDEX),
)
COMMANDS = ("trace query calc", "doctor --deep", "import --all")


def run(home: Path, command: str) -> int:
    """Run a command to its end; it fails where it does not come to one."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(home),
        "OPENTRACES_HOME": str(home / "store"),
        "CLAUDE_CONFIG_DIR": str(DATA / "edit_commit"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "opentraces", *command.split()],
        env=environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=LONGEST_S,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kept")
    assert run(home, "import --all") == 0
    return home


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(kept / "store", tmp_path / "home" / "store")
    yield tmp_path / "home"
    shutil.rmtree(tmp_path / "home")


@pytest.mark.parametrize("place", PLACES)
def test_no_command_waits_for_a_pipe(place: str, home: Path) -> None:
    store = home / "store"
    found = list(store.glob(place)) or [store / place]
    for path in found:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        os.mkfifo(path)

    for command in COMMANDS:
        assert run(home, command) in range(7)
