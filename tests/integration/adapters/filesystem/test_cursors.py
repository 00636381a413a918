"""Cursors as one file."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.cursors import FilesystemCursors
from tests.contracts.cursors import CursorsContract

BUCKET = "b7e6"
SAVE_TWENTY = """
import sys
from pathlib import Path
from opentraces.adapters.filesystem.cursors import FilesystemCursors

state, bucket, name = sys.argv[1:]
cursors = FilesystemCursors(Path(state), bucket)
for number in range(20):
    cursors.save({f"/{name}/{number}": "1"})
"""


class TestFilesystemCursors(CursorsContract):
    @pytest.fixture
    def cursors(self, tmp_path: Path) -> FilesystemCursors:
        return FilesystemCursors(tmp_path / "state", BUCKET)

    @pytest.fixture
    def saved(self, cursors: FilesystemCursors, tmp_path: Path) -> Path:
        """The file that holds one cursor."""
        cursors.save({"/a": "1"})
        return tmp_path / "state" / "cursors"

    def test_cursors_outlive_the_process(self, saved: Path) -> None:
        assert FilesystemCursors(saved.parent, BUCKET).load() == {"/a": "1"}

    def test_cursors_of_another_bucket_are_of_no_use(self, saved: Path) -> None:
        other = FilesystemCursors(saved.parent, "other")
        assert other.load() == {}

        other.save({"/b": "1"})
        assert other.load() == {"/b": "1"}

    def test_cursors_are_for_the_user_alone(self, saved: Path) -> None:
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        assert stat.S_IMODE(saved.parent.stat().st_mode) == 0o700

    def test_a_file_cut_anywhere_is_as_good_as_absent(
        self, cursors: FilesystemCursors, saved: Path
    ) -> None:
        whole = saved.read_bytes()
        for length in range(len(whole)):
            saved.write_bytes(whole[:length])
            assert cursors.load() == {}

    def test_a_flipped_bit_anywhere_is_as_good_as_absent(
        self, cursors: FilesystemCursors, saved: Path
    ) -> None:
        whole = saved.read_bytes()
        for place in range(len(whole) * 8):
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            saved.write_bytes(flipped)
            assert cursors.load() == {}

    def test_what_cannot_be_told_apart_is_not_saved(self, cursors: FilesystemCursors) -> None:
        cursors.save({"/a\0b": "1", "/b": "1\0", "/c": "1"})

        assert cursors.load() == {"/c": "1"}

    def test_what_four_processes_save_at_once_is_all_kept(
        self, cursors: FilesystemCursors, tmp_path: Path
    ) -> None:
        command = [sys.executable, "-c", SAVE_TWENTY, str(tmp_path / "state"), BUCKET]
        processes = [subprocess.Popen([*command, name]) for name in "abcd"]

        assert [process.wait() for process in processes] == [0] * 4
        assert len(cursors.load()) == 80
