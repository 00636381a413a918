"""A search while another process makes the first index: there is no other answer, so it waits."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraces.application.catch_up import CatchUp
from opentraces.entrypoints.cli import freshness
from opentraces.entrypoints.container import indexing
from tests.integration.cli.conftest import Call


@pytest.fixture
def other(trace: str, kept: Path) -> Iterator[int]:
    """Another process's lock on an index that is not there yet."""
    shutil.rmtree(kept / "index")
    (kept / "index").mkdir()
    lock = os.open(kept / "index" / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    yield lock
    os.close(lock)


def test_it_answers_when_the_other_is_done(
    other: int, trace: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0
    real = indexing.catch_up

    def third_time_free(*arguments: object) -> CatchUp:
        nonlocal tries
        tries += 1
        if tries == 3:
            fcntl.flock(other, fcntl.LOCK_UN)
        made: CatchUp = real(*arguments)
        return made

    monkeypatch.setattr(indexing, "catch_up", third_time_free)

    said = call("trace", "query", "calc")

    assert (said.exit_code, tries) == (0, 3)
    assert trace[:8] in said.stdout


def test_it_gives_up_and_says_why(other: int, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_MAKING_SECONDS", 0)

    said = call("trace", "query", "calc")

    assert said.exit_code == 5
    assert "another process is writing to the index" in said.stderr
