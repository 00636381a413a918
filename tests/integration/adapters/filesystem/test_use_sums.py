"""What each session used, as one file."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.use_sums import FilesystemUseSums
from opentraces.domain.skills.counted import UseCounts
from opentraces.domain.skills.use import Kind
from tests.contracts.samples import A
from tests.contracts.use_sums import OF_A, OF_B, UseSumsContract

BUCKET = "b7e6"
SAVE_TWENTY = """
import sys
from pathlib import Path
from opentraces.adapters.filesystem.use_sums import FilesystemUseSums
from tests.contracts.use_sums import OF_A, OF_B

sums = FilesystemUseSums(Path(sys.argv[1]), sys.argv[2])
for _ in range(20):
    sums.save([OF_A, OF_B])
    assert len(sums.load()) in (1, 2)
    sums.forget(OF_B.trace)
"""


class TestFilesystemUseSums(UseSumsContract):
    @pytest.fixture
    def sums(self, tmp_path: Path) -> FilesystemUseSums:
        return FilesystemUseSums(tmp_path / "state", BUCKET)

    @pytest.fixture
    def saved(self, sums: FilesystemUseSums, tmp_path: Path) -> Path:
        """The file that holds two sessions."""
        sums.save([OF_A, OF_B])
        return tmp_path / "state" / "uses"

    def test_sums_outlive_the_process(self, saved: Path) -> None:
        assert len(FilesystemUseSums(saved.parent, BUCKET).load()) == 2

    def test_sums_of_another_bucket_are_of_no_use(self, saved: Path) -> None:
        assert FilesystemUseSums(saved.parent, "other").load() == {}

    def test_sums_of_another_way_to_count_are_of_no_use(
        self, saved: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("opentraces.adapters.filesystem.use_sums._FORMAT", ["another"])

        assert FilesystemUseSums(saved.parent, BUCKET).load() == {}

    def test_sums_are_for_the_user_alone(self, saved: Path) -> None:
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        assert stat.S_IMODE(saved.parent.stat().st_mode) == 0o700

    def test_a_file_cut_anywhere_is_as_good_as_absent(
        self, sums: FilesystemUseSums, saved: Path
    ) -> None:
        whole = saved.read_bytes()
        for length in range(len(whole)):
            saved.write_bytes(whole[:length])
            assert sums.load() == {}

    def test_a_flipped_bit_anywhere_is_as_good_as_absent(
        self, sums: FilesystemUseSums, saved: Path
    ) -> None:
        whole = saved.read_bytes()
        for place in range(len(whole) * 8):
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            saved.write_bytes(flipped)
            assert sums.load() == {}

    def test_a_name_that_is_no_text_is_saved_all_the_same(self, sums: FilesystemUseSums) -> None:
        odd = UseCounts(Kind.TOOL, "a\ud800", OF_A.uses[0].counts)
        sums.save([OF_A._replace(folder="/w\udc80", uses=(odd,))])

        session = sums.load()[A]
        assert (session.folder, session.uses[0].name) == ("/w?", "a?")

    def test_four_processes_that_save_at_once_leave_a_whole_file(
        self, sums: FilesystemUseSums, tmp_path: Path
    ) -> None:
        command = [sys.executable, "-c", SAVE_TWENTY, str(tmp_path / "state"), BUCKET]
        processes = [subprocess.Popen(command) for _ in range(4)]

        assert [process.wait() for process in processes] == [0] * 4
        assert sums.load() == {A: OF_A}
