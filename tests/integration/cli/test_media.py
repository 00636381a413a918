"""What the medium refuses, told by the calls that ask for it: also where nothing can be mounted.

The real thing is in tests/integration/program/test_media.py and test_room.py.
"""

import errno
import fcntl
import os
from pathlib import Path
from typing import Any

import pytest

from opentraces.application.head_room import LARGE
from tests.integration.cli.conftest import DATA, Call
from tests.integration.program.machine import tree

WRITING = (
    "import {new}",
    "trace delete {trace} --yes",
    "bucket repair",
    "bucket gc",
    "init",
    "remove",
    "setup claude-code",
    "uninstall",
    "uninstall --purge --yes",
)
READING = ("trace query", "trace get {trace}", "bucket verify", "bucket status", "status")


def filled(command: str, trace: str) -> list[str]:
    new = DATA / "resume" / "projects"
    return [word.format(trace=trace, new=new) for word in command.split()]


@pytest.mark.parametrize("command", WRITING)
def test_where_nothing_can_be_written_it_is_said_first(
    command: str, trace: str, kept: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(kept.parent)
    monkeypatch.setattr(os, "access", lambda _, mode, **__: not mode & os.W_OK)

    said = call(*filled(command, trace))

    assert (said.exit_code, said.stdout) == (5, "")
    assert said.stderr.startswith(f"opentraces: {kept} cannot be written to: ")
    assert tree(kept.parent) == before


@pytest.mark.parametrize("command", WRITING)
def test_where_nothing_can_be_locked_it_is_said_first(
    command: str, trace: str, kept: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    before = tree(kept.parent)
    monkeypatch.setattr(fcntl, "flock", refused)

    said = call(*filled(command, trace))

    assert (said.exit_code, said.stdout) == (5, "")
    assert said.stderr.startswith(f"opentraces: {kept} cannot be written to: its file system has")
    assert tree(kept.parent) == before


@pytest.mark.parametrize("command", READING)
def test_where_nothing_can_be_locked_or_written_it_is_read(
    command: str, trace: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    monkeypatch.setattr(os, "access", lambda _, mode, **__: not mode & os.W_OK)

    assert call(*filled(command, trace)).exit_code == 0


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_an_import_that_would_fill_the_disk_makes_no_home(
    json: tuple[str, ...], claude: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str) -> os.statvfs_result:
        return os.statvfs_result((4096, 4096, 1 << 30, 100, 100, 9, 9, 9, 0, 255))

    os.truncate(next((claude / "projects").rglob("*.jsonl")), LARGE)
    monkeypatch.setattr(os, "statvfs", full)

    said = call("import", "--all", *json)

    assert (said.exit_code, said.stdout) == (5, "")
    assert "there are 410 kB free" in said.stderr
    assert not (home / ".opentraces").exists()
