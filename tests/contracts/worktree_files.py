"""What every WorktreeFiles keeps to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.start import DirtyFile, WrittenFile
from opentraces.ports.worktree_files import CommittedFile, UncommittedFile, WorktreeFiles

Write = Callable[[str, bytes | None], None]
Commit = Callable[[], int]


class WorktreeFilesContract:
    @pytest.fixture
    def files(self) -> WorktreeFiles:
        raise NotImplementedError("give one")

    @pytest.fixture
    def worktree(self) -> str:
        """A worktree in which `kept.txt` and `gone.txt` are committed, with one line each."""
        raise NotImplementedError("give it")

    @pytest.fixture
    def write(self) -> Write:
        """Writes a file of the worktree. None: removes it."""
        raise NotImplementedError("give it")

    @pytest.fixture
    def commit(self) -> Commit:
        """Commits all that the worktree holds; returns when that was, in seconds since 1970."""
        raise NotImplementedError("give it")

    @pytest.fixture
    def now(self) -> Callable[[], int]:
        """Returns a moment after all that was done, in nanoseconds since 1970."""
        raise NotImplementedError("give it")

    def test_nothing_is_reported_of_what_is_committed(
        self, files: WorktreeFiles, worktree: str
    ) -> None:
        assert files.uncommitted(worktree, 0) == ()

    def test_changed_new_and_deleted_files_are_reported_by_path(
        self, files: WorktreeFiles, worktree: str, write: Write
    ) -> None:
        write("kept.txt", b"another\n")
        write("gone.txt", None)
        write("in/new.txt", b"new\n")

        assert files.uncommitted(worktree, 0) == (
            UncommittedFile("gone.txt", None, b"gone.txt\n"),
            UncommittedFile("in/new.txt", b"new\n", None),
            UncommittedFile("kept.txt", b"another\n", b"kept.txt\n"),
        )

    def test_what_was_written_before_the_moment_is_left_out(
        self, files: WorktreeFiles, worktree: str, write: Write
    ) -> None:
        write("kept.txt", b"another\n")

        assert files.uncommitted(worktree, 2**62) == ()

    def test_binary_and_large_files_are_left_out(
        self, files: WorktreeFiles, worktree: str, write: Write
    ) -> None:
        write("binary", b"\0\1\2")
        write("large", b"line\n" * 1_000_000)

        assert files.uncommitted(worktree, 0) == ()

    def test_a_folder_that_is_no_worktree_is_unreadable(
        self, files: WorktreeFiles, tmp_path: Path
    ) -> None:
        with pytest.raises(RepositoryUnreadable, match=str(tmp_path)):
            files.uncommitted(str(tmp_path / "nowhere"), 0)
        with pytest.raises(RepositoryUnreadable, match=str(tmp_path)):
            files.newly_committed(str(tmp_path / "nowhere"), 0)
        with pytest.raises(RepositoryUnreadable, match=str(tmp_path)):
            files.standing(str(tmp_path / "nowhere"), 0)

    def test_what_was_committed_since_is_reported_commit_by_commit(
        self,
        files: WorktreeFiles,
        worktree: str,
        write: Write,
        commit: Commit,
        now: Callable[[], int],
    ) -> None:
        since = now()
        write("kept.txt", b"another\n")
        write("gone.txt", None)
        first = commit()
        write("in/new.txt", b"new\n")
        second = commit()

        assert files.newly_committed(worktree, since) == (
            CommittedFile("gone.txt", None, b"gone.txt\n", first),
            CommittedFile("kept.txt", b"another\n", b"kept.txt\n", first),
            CommittedFile("in/new.txt", b"new\n", None, second),
        )

    def test_what_was_committed_or_written_before_is_not_reported(
        self,
        files: WorktreeFiles,
        worktree: str,
        write: Write,
        commit: Commit,
        now: Callable[[], int],
    ) -> None:
        write("in/new.txt", b"new\n")
        commit()
        write("kept.txt", b"another\n")
        since = now()
        assert files.newly_committed(worktree, since) == ()

        commit()

        assert files.newly_committed(worktree, since) == ()

    def test_of_what_is_committed_binary_and_large_files_are_left_out(
        self,
        files: WorktreeFiles,
        worktree: str,
        write: Write,
        commit: Commit,
        now: Callable[[], int],
    ) -> None:
        since = now()
        write("binary", b"\0\1\2")
        write("large", b"line\n" * 1_000_000)
        commit()

        assert files.newly_committed(worktree, since) == ()

    def test_a_worktree_that_nobody_changed_stands_as_it_was_committed(
        self, files: WorktreeFiles, worktree: str, now: Callable[[], int]
    ) -> None:
        found = files.standing(worktree, now())

        assert (found.dirty, found.written, found.is_whole) == ((), (), True)

    def test_what_was_changed_before_a_moment_differs_and_what_was_written_since_does_not_tell(
        self, files: WorktreeFiles, worktree: str, write: Write, now: Callable[[], int]
    ) -> None:
        write("gone.txt", None)
        write("in/new.txt", b"new\n")
        since = now()
        write("kept.txt", b"another\n")
        write("in/newer.txt", b"newer\n")

        found = files.standing(worktree, since)

        assert found.dirty == (
            DirtyFile(path="gone.txt", state="deleted"),
            DirtyFile(path="in/new.txt", state="untracked"),
        )
        assert found.written == (
            WrittenFile("in/newer.txt", None),
            WrittenFile("kept.txt", b"kept.txt\n"),
        )

    def test_it_stands_beside_what_was_checked_out_then(
        self,
        files: WorktreeFiles,
        worktree: str,
        write: Write,
        commit: Commit,
        now: Callable[[], int],
    ) -> None:
        write("kept.txt", b"another\n")
        since = now()
        commit()

        assert files.standing(worktree, since).dirty == (
            DirtyFile(path="kept.txt", state="modified"),
        )
