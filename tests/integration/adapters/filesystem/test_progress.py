"""Progress as files."""

import stat
from pathlib import Path

import pytest
import zstandard

from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.domain.ids import digest
from opentraces.domain.progress import Progress
from tests.contracts.progress_store import A, ProgressStoreContract, example


class TestFilesystemProgress(ProgressStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FilesystemProgress:
        return FilesystemProgress(tmp_path / "state")

    @pytest.fixture
    def saved(self, store: FilesystemProgress, tmp_path: Path) -> Path:
        """The file that holds the example."""
        store.save(A, example())
        return tmp_path / "state" / "progress" / A[:2] / A

    def test_progress_outlives_the_process(self, saved: Path, tmp_path: Path) -> None:
        assert saved.exists()
        assert FilesystemProgress(tmp_path / "state").load(A) == example()

    def test_progress_is_for_the_user_alone(self, saved: Path, tmp_path: Path) -> None:
        folders = [path for path in tmp_path.rglob("*") if path.is_dir()]

        assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600

    def test_nothing_is_left_beside_it(self, saved: Path) -> None:
        assert list(saved.parent.iterdir()) == [saved]

    def test_a_file_cut_anywhere_is_as_good_as_absent(
        self, store: FilesystemProgress, saved: Path
    ) -> None:
        whole = saved.read_bytes()
        for length in range(len(whole)):
            saved.write_bytes(whole[:length])
            assert store.load(A) is None

    def test_a_flipped_bit_anywhere_is_as_good_as_absent(
        self, store: FilesystemProgress, saved: Path
    ) -> None:
        whole = saved.read_bytes()
        for place in range(len(whole) * 8):
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            saved.write_bytes(flipped)
            assert store.load(A) is None

    @pytest.mark.parametrize(
        "said",
        [b'{"release":"9"}\n', b"[]\n", b"null\n", b"", b'{"sources":[[0]]}\n', b"not JSON\n"],
    )
    def test_what_another_release_says_in_another_way_is_as_good_as_absent(
        self, store: FilesystemProgress, saved: Path, said: bytes
    ) -> None:
        frame = zstandard.compress(said)
        saved.write_bytes(b"opentraces.progress/2 " + digest(frame).encode() + frame)

        assert store.load(A) is None

    def test_a_symbolic_link_is_not_followed(
        self, store: FilesystemProgress, saved: Path, tmp_path: Path
    ) -> None:
        saved.rename(tmp_path / "elsewhere")
        saved.symlink_to(tmp_path / "elsewhere")

        assert store.load(A) is None
        store.save(A, Progress(0, 9, release="0.1.0"))
        assert not saved.is_symlink()
        assert (tmp_path / "elsewhere").exists()
