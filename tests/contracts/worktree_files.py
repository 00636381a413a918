"""What every WorktreeFiles keeps to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.domain.errors import RepositoryUnreadable
from opentraces.ports.worktree_files import UncommittedFile, WorktreeFiles

Write = Callable[[str, bytes | None], None]


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
