"""`info/exclude`, where Git itself reads it."""

import os
import stat
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.excludes import FilesystemExcludes
from opentraces.domain.enrolment import Exclusion, Made
from opentraces.domain.errors import StorageUnavailable
from tests.contracts.excludes import ExcludesContract, Read, Write
from tests.git_repositories import git, make_repository


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A repository without a list."""
    return make_repository(tmp_path.resolve() / "main", "--template=")


class TestFilesystemExcludes(ExcludesContract):
    @pytest.fixture
    def excludes(self) -> FilesystemExcludes:
        return FilesystemExcludes()

    @pytest.fixture
    def repository(self, main: Path) -> str:
        return str(main / ".git")

    @pytest.fixture
    def read(self, main: Path) -> Read:
        place = main / ".git" / "info" / "exclude"
        return lambda: place.read_bytes() if place.exists() else None

    @pytest.fixture
    def write(self, main: Path) -> Write:
        def replace(data: bytes) -> None:
            place = main / ".git" / "info" / "exclude"
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data)

        return replace


def test_git_leaves_alone_what_is_excluded(main: Path) -> None:
    FilesystemExcludes().add(str(main / ".git"))
    (main / ".opentraces").mkdir()
    (main / ".opentraces" / "x").touch()

    assert git(main, "status", "--porcelain") == ""


@pytest.mark.parametrize("has_folder", [True, False])
def test_what_was_made_for_the_line_goes_with_it(main: Path, has_folder: bool) -> None:
    if has_folder:
        (main / ".git" / "info").mkdir()
    before = tree(main / ".git")

    added = FilesystemExcludes().add(str(main / ".git"))
    assert added is not None
    assert added.made is (Made.FILE if has_folder else Made.FOLDER)
    assert FilesystemExcludes().take_back(added)

    assert tree(main / ".git") == before


def test_a_folder_that_was_made_stays_while_something_is_in_it(main: Path) -> None:
    added = FilesystemExcludes().add(str(main / ".git"))
    (main / ".git" / "info" / "attributes").touch()

    assert added is not None
    assert FilesystemExcludes().take_back(added)
    assert tree(main / ".git" / "info") == {"attributes": b""}


def test_a_list_keeps_its_mode_and_stays_the_same_file(main: Path) -> None:
    place = main / ".git" / "info" / "exclude"
    place.parent.mkdir()
    place.write_bytes(b"*.log\n")
    place.chmod(0o640)
    before = place.stat()

    added = FilesystemExcludes().add(str(main / ".git"))
    place.write_bytes(place.read_bytes() + b"more\n")
    assert added is not None
    assert FilesystemExcludes().take_back(added)

    after = place.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_ino) == (0o640, before.st_ino)
    assert place.read_bytes() == b"*.log\nmore\n"


def test_a_new_list_is_readable_as_the_repository_is(main: Path) -> None:
    (main / ".git").chmod(0o750)
    FilesystemExcludes().add(str(main / ".git"))

    info = main / ".git" / "info"
    assert stat.S_IMODE(info.stat().st_mode) == 0o750
    assert stat.S_IMODE((info / "exclude").stat().st_mode) == 0o640


@pytest.mark.parametrize("part", ["info", "info/exclude"])
def test_nothing_is_written_through_a_link(main: Path, tmp_path: Path, part: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "exclude").write_bytes(b"theirs\n")
    (main / ".git" / part).parent.mkdir(exist_ok=True)
    (main / ".git" / part).symlink_to(outside if part == "info" else outside / "exclude")

    with pytest.raises(StorageUnavailable, match="symbolic link"):
        FilesystemExcludes().add(str(main / ".git"))
    with pytest.raises(StorageUnavailable, match="symbolic link"):
        FilesystemExcludes().take_back(Exclusion(str(main / ".git"), "theirs\n"))

    assert tree(outside) == {"exclude": b"theirs\n"}


def test_nothing_is_written_into_a_repository_that_is_a_link(main: Path, tmp_path: Path) -> None:
    before = tree(main)
    (tmp_path / "link").symlink_to(main / ".git")

    with pytest.raises(StorageUnavailable):
        FilesystemExcludes().add(str(tmp_path / "link"))

    assert tree(main) == before


def test_a_pipe_is_not_waited_for(main: Path) -> None:
    (main / ".git" / "info").mkdir()
    os.mkfifo(main / ".git" / "info" / "exclude")

    with pytest.raises(StorageUnavailable, match="no regular file"):
        FilesystemExcludes().add(str(main / ".git"))


def test_a_list_that_is_too_long_to_be_one_is_left_alone(main: Path) -> None:
    place = main / ".git" / "info" / "exclude"
    place.parent.mkdir()
    place.write_bytes(b"x" * (1 << 20) + b"\n")

    with pytest.raises(StorageUnavailable, match="longer"):
        FilesystemExcludes().add(str(main / ".git"))

    assert place.stat().st_size == (1 << 20) + 1


def test_a_repository_that_is_gone_has_no_list(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone" / ".git")

    assert not FilesystemExcludes().take_back(Exclusion(gone, ".opentraces/\n", Made.FOLDER))
    with pytest.raises(StorageUnavailable, match="is gone"):
        FilesystemExcludes().add(gone)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_list_of_another_user_is_left_alone(main: Path) -> None:
    os.chown(main / ".git", 1234, -1)
    before = tree(main)

    with pytest.raises(StorageUnavailable, match="another user"):
        FilesystemExcludes().add(str(main / ".git"))

    assert tree(main) == before
