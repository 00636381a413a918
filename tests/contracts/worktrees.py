"""What every Worktrees keeps to."""

from collections.abc import Mapping

import pytest

from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable
from opentraces.domain.resuming.file_states import FileState
from opentraces.domain.trail.history import CommitId
from opentraces.ports.worktrees import Worktrees

FILES = {"a.txt": b"a\n", "in/b.txt": b"b\r\n"}
ODD = ["../a.txt", "/etc/a.txt", ".git", ".git/config", "in/../../a.txt", "", "in//b.txt", "in/."]


class WorktreesContract:
    @pytest.fixture
    def worktrees(self) -> Worktrees:
        raise NotImplementedError("give one")

    @pytest.fixture
    def checkout(self) -> str:
        """A checkout of a repository with a commit of `FILES`, and a later one without."""
        raise NotImplementedError("give it")

    @pytest.fixture
    def commit(self) -> CommitId:
        """The commit of `FILES`."""
        raise NotImplementedError("give it")

    @pytest.fixture
    def folder(self) -> str:
        """A place in which nothing is, nor above it."""
        raise NotImplementedError("give it")

    def held(self, folder: str) -> Mapping[str, bytes] | None:
        """What a worktree holds, by path. None: there is none."""
        raise NotImplementedError

    def test_a_worktree_has_the_files_of_the_commit(
        self, worktrees: Worktrees, checkout: str, commit: CommitId, folder: str
    ) -> None:
        assert worktrees.add(checkout, folder, commit) == ()

        assert self.held(folder) == FILES

    @pytest.mark.parametrize(
        ("inner", "left"), [("in", ()), ("other/deep", ()), ("a.txt", ("a.txt",))]
    )
    def test_a_folder_in_it_is_made_where_nothing_else_is(
        self,
        worktrees: Worktrees,
        checkout: str,
        commit: CommitId,
        folder: str,
        inner: str,
        left: tuple[str, ...],
    ) -> None:
        assert worktrees.add(checkout, folder, commit, inner) == left
        assert self.held(folder) == FILES

    def test_files_hold_what_they_are_let_hold(
        self, worktrees: Worktrees, checkout: str, commit: CommitId, folder: str
    ) -> None:
        worktrees.add(checkout, folder, commit)

        left = worktrees.put(
            folder,
            [
                FileState("a.txt", b""),
                FileState("in/b.txt", None),
                FileState("new/c.txt", b"c"),
                FileState("never/was.txt", None),
            ],
        )

        assert left == ()
        assert self.held(folder) == {"a.txt": b"", "new/c.txt": b"c"}

    @pytest.mark.parametrize("path", ODD)
    @pytest.mark.parametrize("content", [b"x", None])
    def test_a_path_that_no_checkout_has_is_left_out(
        self,
        worktrees: Worktrees,
        checkout: str,
        commit: CommitId,
        folder: str,
        path: str,
        content: bytes | None,
    ) -> None:
        worktrees.add(checkout, folder, commit)

        assert worktrees.put(folder, [FileState(path, content)]) == (path,)
        assert self.held(folder) == FILES

    def test_of_a_commit_that_is_not_there_nothing_is_made(
        self, worktrees: Worktrees, checkout: str, commit: CommitId, folder: str
    ) -> None:
        missing = CommitId(commit[::-1])

        with pytest.raises(NoSuchRevision, match=missing):
            worktrees.add(checkout, folder, missing)
        assert self.held(folder) is None

    def test_of_a_folder_without_a_repository_nothing_is_made(
        self, worktrees: Worktrees, checkout: str, commit: CommitId, folder: str
    ) -> None:
        with pytest.raises(RepositoryUnreadable, match="nowhere"):
            worktrees.add(f"{checkout}/nowhere", folder, commit)
        assert self.held(folder) is None

    def test_the_command_names_all_three(
        self, worktrees: Worktrees, checkout: str, commit: CommitId, folder: str
    ) -> None:
        assert {"git", checkout, folder, commit} <= {*worktrees.adding(checkout, folder, commit)}
