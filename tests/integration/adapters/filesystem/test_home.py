"""The home as a folder."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.home import FilesystemHome
from opentraces.domain.errors import ForeignBucket
from tests.contracts.home import HomeContract


class TestFilesystemHome(HomeContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        place = tmp_path / "home"
        (place / "bucket" / "traces").mkdir(parents=True)
        (place / "bucket" / "traces" / "a").write_bytes(b"12345")
        (place / "spool").mkdir()
        (place / "spool" / "b").write_bytes(b"12")
        return place

    @pytest.fixture
    def home(self, place: Path) -> FilesystemHome:
        return FilesystemHome(place)

    @pytest.fixture
    def empty(self, tmp_path: Path) -> FilesystemHome:
        return FilesystemHome(tmp_path / "nothing")

    def test_the_folder_goes_with_what_was_in_it(self, place: Path, home: FilesystemHome) -> None:
        home.purge()

        assert not place.exists()

    def test_what_is_not_ours_stays(self, place: Path, home: FilesystemHome) -> None:
        (place / "mine.txt").write_text("mine")

        home.purge()

        assert [path.name for path in place.iterdir()] == ["mine.txt"]
        assert home.parts() == ()

    def test_no_link_is_followed(self, place: Path, tmp_path: Path, home: FilesystemHome) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "kept").write_text("kept")
        (place / "index").symlink_to(elsewhere)
        (place / "bucket" / "link").symlink_to(elsewhere)

        home.purge()

        assert (elsewhere / "kept").read_text() == "kept"
        assert not place.exists()

    def test_the_bucket_of_another_program_is_left_as_it_is(
        self, place: Path, home: FilesystemHome
    ) -> None:
        (place / "bucket" / "manifest.json").write_text("{}")

        with pytest.raises(ForeignBucket):
            home.purge()

        assert (place / "bucket" / "traces" / "a").read_bytes() == b"12345"
        assert (place / "spool" / "b").exists()
