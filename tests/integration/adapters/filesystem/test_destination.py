"""A folder that a user named."""

import errno
import os
import stat
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from opentraces.adapters.filesystem.destination import FolderDestination
from opentraces.domain.errors import BadRequest, Corrupt, StorageUnavailable
from tests.contracts.destination import DestinationContract, broken


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestFolderDestination(DestinationContract):
    @pytest.fixture
    def destination(self, tmp_path: Path) -> FolderDestination:
        self.folder = tmp_path / "back"
        return FolderDestination(self.folder)

    def held(self, name: str) -> bytes | None:
        file = self.folder / name
        return file.read_bytes() if file.exists() else None

    def test_files_and_folders_are_the_users_alone(self, destination: FolderDestination) -> None:
        file = Path(destination.write("a/b", [b"x"]))

        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_only_the_file_is_left(self, destination: FolderDestination) -> None:
        destination.write("a", [b"x"])
        with pytest.raises(BadRequest):
            destination.write("a", [b"y"])
        with pytest.raises(Corrupt):
            destination.write("b", broken())

        assert names_in(self.folder) == ["a"]

    def test_a_link_in_the_place_of_a_folder_is_not_followed(
        self, destination: FolderDestination, tmp_path: Path
    ) -> None:
        (tmp_path / "outside").mkdir()
        self.folder.mkdir()
        (self.folder / "a").symlink_to(tmp_path / "outside")

        with pytest.raises(StorageUnavailable):
            destination.write("a/b", [b"x"])
        assert names_in(tmp_path / "outside") == []

    @pytest.mark.parametrize("target", ["outside", "nowhere"])
    def test_a_link_in_the_place_of_the_file_is_not_followed(
        self, destination: FolderDestination, tmp_path: Path, target: str
    ) -> None:
        (tmp_path / "outside").write_bytes(b"x")
        self.folder.mkdir()
        (self.folder / "a").symlink_to(tmp_path / target)

        with pytest.raises(BadRequest):
            destination.write("a", [b"x"])
        assert names_in(tmp_path) == ["back", "outside"]

    @pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
    def test_what_is_no_file_is_left(self, destination: FolderDestination, make: object) -> None:
        self.folder.mkdir()
        assert callable(make)
        make(self.folder / "a")

        with pytest.raises(BadRequest):
            destination.write("a", [b"x"])

    def test_a_medium_without_links_serves_as_well(
        self, destination: FolderDestination, mocker: MockerFixture
    ) -> None:
        mocker.patch("os.link", side_effect=OSError(errno.EPERM, "Operation not permitted"))

        destination.write("a", [b"x"])
        with pytest.raises(BadRequest):
            destination.write("a", [b"y"])
        assert self.held("a") == b"x"
        assert names_in(self.folder) == ["a"]

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")

        with pytest.raises(StorageUnavailable):
            FolderDestination(tmp_path / "file" / "in").write("a", [b"x"])
