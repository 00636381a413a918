"""File systems, of networks above all, that know no locks, no second names, or no folder's sync."""

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.filesystem.destination import FolderDestination
from opentraces.adapters.filesystem.durable import Barrier, replace
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent

SESSION = SessionId("s1")
NO_LOCKS = [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL]
NO_SYNC = [errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP]


@pytest.fixture(params=NO_LOCKS, ids=errno.errorcode.get)
def no_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", refused)


def refuse_folders(number: int) -> Callable[[int], None]:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    return fsync


@pytest.mark.usefixtures("no_locks")
@pytest.mark.parametrize("wait", [True, False])
def test_a_lock_that_nobody_can_take_is_not_held_by_another(wait: bool, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable) as raised:
        Locks(tmp_path).hold("x", wait=wait)

    assert not isinstance(raised.value, Busy)
    assert str(raised.value).startswith(
        f"{tmp_path} cannot be written to: its file system has no locks ("
    )
    assert "OPENTRACES_HOME" in str(raised.value).partition(" → ")[2]


@pytest.mark.usefixtures("no_locks")
def test_without_locks_events_stay(tmp_path: Path) -> None:
    file = tmp_path / "spool" / "claude-code" / "s1.jsonl"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"torn")
    spool = FilesystemEventSpool(tmp_path / "spool", tmp_path / "state", Agent.CLAUDE_CODE)

    for taken in (lambda: list(spool.read(SESSION, 0)), lambda: spool.clear(SESSION, 4)):
        with pytest.raises(StorageUnavailable, match="has no locks"):
            taken()
    with pytest.raises(StorageUnavailable, match="has no locks"), spool.lease(SESSION):
        pass

    assert file.read_bytes() == b"torn"
    assert [each.session for each in spool.waiting()] == [SESSION]


@pytest.mark.parametrize("number", NO_SYNC, ids=errno.errorcode.get)
def test_a_folder_that_cannot_be_synced_is_written_to(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", refuse_folders(number))

    replace(tmp_path, "a/b", b"kept")
    FolderDestination(tmp_path / "out").write("c", [b"given"])

    assert (tmp_path / "a" / "b").read_bytes() == b"kept"
    assert (tmp_path / "out" / "c").read_bytes() == b"given"


def test_a_folder_that_could_not_be_synced_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", refuse_folders(errno.EIO))

    with pytest.raises(StorageUnavailable):
        replace(tmp_path, "a/b", b"kept")


def test_a_file_that_cannot_be_synced_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    (tmp_path / "a").write_bytes(b"x")
    monkeypatch.setattr(os, "fsync", refused)
    barrier = Barrier(tmp_path)
    barrier.add("a")

    with pytest.raises(StorageUnavailable):
        barrier.flush()


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.EINVAL])
def test_where_a_file_has_one_name_it_is_written(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refused)

    FolderDestination(tmp_path).write("a/b", [b"given"])

    assert (tmp_path / "a" / "b").read_bytes() == b"given"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def refuse_modes(*_: Any) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_where_files_have_no_modes_of_their_own_private_ones_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a FAT that was mounted for its owner alone."""
    monkeypatch.setattr(os, "fchmod", refuse_modes)

    replace(tmp_path, "a/b", b"kept")

    assert (tmp_path / "a" / "b").read_bytes() == b"kept"


@pytest.mark.parametrize("is_made", [True, False])
def test_where_files_are_everybody_s_nothing_is_written(
    is_made: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_made:
        (tmp_path / "a").mkdir()
    before = os.umask(0)
    real_open, real_mkdir = os.open, os.mkdir
    monkeypatch.setattr(os, "open", lambda p, f, m=0o777, **k: real_open(p, f, 0o666, **k))
    monkeypatch.setattr(os, "mkdir", lambda p, m=0o777, **k: real_mkdir(p, 0o777, **k))
    monkeypatch.setattr(os, "fchmod", refuse_modes)

    try:
        with pytest.raises(StorageUnavailable, match=f"{tmp_path}/a.*Operation not permitted"):
            replace(tmp_path, "a/b", b"kept")
    finally:
        os.umask(before)

    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]
