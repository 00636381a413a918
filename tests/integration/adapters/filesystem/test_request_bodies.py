"""Bodies as files, in a folder that only the user may write to."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.request_bodies import answer_in, session_in
from opentraces.adapters.filesystem.request_bodies import FilesystemRequestBodies
from tests.contracts.request_bodies import (
    BACK,
    SENT,
    SENT_LATER,
    A,
    RequestBodiesContract,
    Write,
    request,
    response,
)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "home" / "spool"


@pytest.fixture
def bodies(spool: Path) -> FilesystemRequestBodies:
    return FilesystemRequestBodies(spool, session_in, answer_in)


@pytest.fixture
def folder(spool: Path) -> Path:
    folder = spool / "bodies"
    folder.mkdir(mode=0o700, parents=True)
    return folder


@pytest.fixture
def write(folder: Path) -> Write:
    """Each file is written a second after the one before, whatever the clock says."""
    seconds = 1_000

    def write(name: str, data: bytes) -> None:
        nonlocal seconds
        seconds += 1
        (folder / name).write_bytes(data)
        os.utime(folder / name, (seconds, seconds))

    return write


class TestFilesystemRequestBodies(RequestBodiesContract):
    @pytest.fixture
    def bodies(self, bodies: FilesystemRequestBodies) -> FilesystemRequestBodies:
        return bodies

    @pytest.fixture
    def write(self, write: Write) -> Write:
        return write


def test_without_a_folder_nothing_waits(bodies: FilesystemRequestBodies) -> None:
    assert bodies.waiting() == ()
    assert bodies.read(SENT) is None
    bodies.remove([SENT])


def a_link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def another_name(path: Path, other: Path) -> None:
    path.hardlink_to(other)


def a_folder(path: Path, _: Path) -> None:
    path.mkdir()


def a_pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [a_link, another_name, a_folder, a_pipe])
def test_only_a_regular_file_of_one_name_is_a_body(
    make: Callable[[Path, Path], None],
    bodies: FilesystemRequestBodies,
    write: Write,
    folder: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "other").write_bytes(request(A))
    write(BACK, response("m"))
    make(folder / SENT, tmp_path / "other")

    assert [each.name for each in bodies.waiting()] == [BACK]
    assert bodies.read(SENT) is None


@pytest.mark.parametrize(
    "name", ["x.json", "x.request.json.tmp", ".x.request.json", "../x.request.json", "a/b"]
)
def test_another_name_is_no_body(
    name: str, bodies: FilesystemRequestBodies, write: Write, folder: Path
) -> None:
    if "/" not in name:
        write(name, request(A))
    (folder.parent / "x.request.json").write_bytes(request(A))

    assert bodies.waiting() == ()
    assert bodies.read(name) is None
    bodies.remove([name])
    assert (folder.parent / "x.request.json").exists()
    assert "/" in name or (folder / name).exists()


def test_a_link_in_the_place_of_the_folder_is_not_followed(
    bodies: FilesystemRequestBodies, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "elsewhere" / SENT).write_bytes(request(A))
    folder.rmdir()
    folder.symlink_to(tmp_path / "elsewhere")

    assert bodies.waiting() == ()
    assert bodies.read(SENT) is None
    bodies.remove([SENT])
    assert (tmp_path / "elsewhere" / SENT).exists()


def test_a_folder_that_others_can_look_into_is_closed_to_them(
    bodies: FilesystemRequestBodies, write: Write, folder: Path
) -> None:
    write(SENT, request(A))
    folder.chmod(0o755)

    assert len(bodies.waiting()) == 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_can_write_to_is_none(
    mode: int, bodies: FilesystemRequestBodies, write: Write, folder: Path
) -> None:
    write(SENT, request(A))
    folder.chmod(mode)

    assert bodies.waiting() == ()
    assert bodies.read(SENT) is None
    assert stat.S_IMODE(folder.stat().st_mode) == mode


def test_of_a_large_request_only_the_end_is_read(
    bodies: FilesystemRequestBodies, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(SENT, request(A, "x" * 1_000_000))
    write(SENT_LATER, request(A))
    read: list[int] = []
    pread = os.pread

    def counted(descriptor: int, length: int, offset: int) -> bytes:
        read.append(length)
        return pread(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", counted)

    assert [each.session for each in bodies.waiting()] == [A, A]
    assert sum(read) < 10_000
