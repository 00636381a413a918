"""Markers as files."""

import fcntl
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from opentraces.adapters.filesystem.markers import FilesystemMarkers
from tests.contracts.markers import A, B, Commits, MarkersContract


@contextmanager
def held(state: Path) -> Iterator[None]:
    """Hold trace A as its writer does."""
    (state / "locks").mkdir(parents=True, exist_ok=True)
    with (state / "locks" / A).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class TestFilesystemMarkers(MarkersContract):
    @pytest.fixture
    def markers(self, tmp_path: Path, commits: Commits) -> FilesystemMarkers:
        return FilesystemMarkers(tmp_path / "state", lambda trace: commits.get(trace, 0))

    def test_marks_outlive_the_process(self, markers: FilesystemMarkers, tmp_path: Path) -> None:
        markers.mark([A, B])

        assert FilesystemMarkers(tmp_path / "state", lambda _: 0).marked() == (A, B)

    def test_marks_are_for_the_user_alone(self, markers: FilesystemMarkers, tmp_path: Path) -> None:
        markers.mark([A])
        markers.clear(A, 0)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}

        assert modes == {"state": 0o700, "dirty": 0o700, A: 0o600, "locks": 0o700}

    def test_a_trace_that_is_held_keeps_its_mark_and_nobody_waits(
        self, markers: FilesystemMarkers, tmp_path: Path
    ) -> None:
        markers.mark([A, B])
        with held(tmp_path / "state"):  # whoever waited for it here would wait for ever
            markers.clear(A, 1)
            markers.clear(B, 1)

        assert markers.marked() == (A,)

    def test_a_stray_file_is_no_mark(self, markers: FilesystemMarkers, tmp_path: Path) -> None:
        markers.mark([A])
        (tmp_path / "state" / "dirty" / ".nfs0001").touch()
        (tmp_path / "state" / "dirty" / "README").touch()

        assert markers.marked() == (A,)

    def test_no_mark_is_lost_to_a_writer_that_commits_meanwhile(
        self, markers: FilesystemMarkers, commits: Commits, tmp_path: Path
    ) -> None:
        def commit_often() -> None:
            for _ in range(200):
                with held(tmp_path / "state"):
                    markers.mark([A])
                    commits[A] += 1

        writer = Thread(target=commit_often)
        writer.start()
        done = 0
        while writer.is_alive():
            done = commits[A]
            markers.clear(A, done)
        writer.join()

        assert markers.marked() == (A,) or done == commits[A]
        markers.clear(A, commits[A])
        assert markers.marked() == ()
