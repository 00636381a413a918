"""Locks as networks' file systems have them: of a file that may be written to, or read.

NFS and SMB make `flock` of locks that other machines see, and refuse an exclusive one on a file
that was opened to be read, and a shared one on a file that was opened to be written to: flock(2).
"""

import errno
import fcntl
import os
from collections import Counter
from pathlib import Path

import pytest

from opentraces.entrypoints.hooks import claude_code
from tests.git_repositories import make_repository
from tests.integration.cli.conftest import DATA, Call, Document
from tests.memory_world import event_line

SESSION = "0b7d6f3a-0000-4000-8000-000000000001"


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often each kind of lock was taken, by those rules."""
    real, taken = fcntl.flock, Counter[int]()

    def flock(descriptor: int, kind: int) -> None:
        opened = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
        refused = {fcntl.LOCK_EX: os.O_RDONLY, fcntl.LOCK_SH: os.O_WRONLY}
        alone = kind & ~fcntl.LOCK_NB
        if refused.get(alone) == opened:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        taken[alone] += 1
        real(descriptor, kind)

    monkeypatch.setattr(fcntl, "flock", flock)
    return taken


def test_a_hook_shares_its_file(locked: Counter[int], home: Path) -> None:
    spool = home / ".opentraces" / "spool" / "claude-code"
    spool.parent.parent.mkdir()

    claude_code._append(str(spool), SESSION, b"{}\n")  # noqa: SLF001

    assert locked == {fcntl.LOCK_SH: 1}


def test_all_that_locks_works(
    locked: Counter[int],
    home: Path,
    trace: str,
    call: Call,
    document: Document,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = home / ".opentraces" / "spool" / "claude-code" / f"{SESSION}.jsonl"
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(event_line(SESSION, "Stop"))
    repository = make_repository(home / "widgets")

    assert document("import", str(DATA / "resume" / "projects"))["kept"] > 0
    assert document("ingest")["rounds"]
    monkeypatch.chdir(repository)
    for command in (
        "init",
        "remove",
        "doctor --deep --fix",
        "bucket repair --reproject",
        "bucket gc",
        f"bucket snapshot --to {home / 'copy'}",
        f"trace delete {trace} --yes",
        "bucket verify --deep",
    ):
        assert call(*command.split()).exit_code == 0, command

    assert min(locked[fcntl.LOCK_EX], locked[fcntl.LOCK_SH]) > 5
