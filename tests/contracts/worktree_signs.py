"""What every WorktreeSource keeps to."""

import pytest

from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.worktree_signs import WorktreeSource

BEGAN = 1_790_000_000
"""When the first commit was checked out, in seconds since 1970; the second, 100 later."""


class WorktreeSourceContract:
    """`main` has two commits, a remote, and a worktree `main-fix`; `plain` is no repository."""

    @pytest.fixture
    def place(self) -> str:
        raise NotImplementedError("give the folder that all is in")

    @pytest.fixture
    def commits(self) -> tuple[str, str]:
        raise NotImplementedError("give the two commits of `main`, the older first")

    @pytest.fixture
    def worktrees(self) -> WorktreeSource:
        raise NotImplementedError("give what looks into it")

    def test_a_folder_below_is_in_the_worktree_around_it(
        self, worktrees: WorktreeSource, place: str, commits: tuple[str, str]
    ) -> None:
        signs = worktrees.signs(f"{place}/main/src", None)

        assert signs is not None
        assert (signs.path, signs.root_commit) == (f"{place}/main", commits[0])
        assert (signs.remote, signs.branch) == ("github.com/acme/widgets", "main")
        assert signs.base_commit is None
        assert worktrees.signs(f"{place}/main", None) == signs

    def test_a_linked_worktree_is_of_the_same_repository(
        self, worktrees: WorktreeSource, place: str
    ) -> None:
        main, fix = (worktrees.signs(f"{place}/{name}", None) for name in ("main", "main-fix"))

        assert main is not None
        assert fix is not None
        assert (fix.path, fix.branch) == (f"{place}/main-fix", "fix")
        assert (fix.key, fix.remote) == (main.key, main.remote)

    @pytest.mark.parametrize(("after", "which"), [(-50, None), (50, 0), (100, 1), (10**6, 1)])
    def test_base_is_what_was_checked_out_at_the_moment(
        self,
        worktrees: WorktreeSource,
        place: str,
        commits: tuple[str, str],
        after: int,
        which: int | None,
    ) -> None:
        signs = worktrees.signs(f"{place}/main", (BEGAN + after) * 1000 + 1)

        assert signs is not None
        assert signs.base_commit == (None if which is None else commits[which])

    @pytest.mark.parametrize("folder", ["plain", "gone", "main-fix-not", "main/gone"])
    def test_what_is_in_no_repository_has_no_worktree(
        self, worktrees: WorktreeSource, place: str, folder: str
    ) -> None:
        assert worktrees.signs(f"{place}/{folder}", 0) is None

    def test_a_worktree_that_an_agent_made_and_that_is_gone_is_of_the_one_around_it(
        self, worktrees: WorktreeSource, place: str, commits: tuple[str, str]
    ) -> None:
        former = worktrees.former(f"{place}/main/.claude/worktrees/blue-fox")

        assert former is not None
        assert former.path == f"{place}/main/.claude/worktrees/blue-fox"
        assert (former.root_commit, former.remote) == (commits[0], "github.com/acme/widgets")
        assert (former.branch, former.base_commit) == (None, None)

    @pytest.mark.parametrize(
        "folder",
        [
            "main-fix",
            "main/gone",
            "gone/.claude/worktrees/blue-fox",
            "plain/.claude/worktrees/blue-fox",
            "main/src/.claude/worktrees/blue-fox",
            "main/.claude/worktrees",
            "main/.claude/worktrees/",
            "main/.claude/worktrees/..",
            "main/.claude/worktrees/blue-fox/src",
        ],
    )
    def test_any_other_folder_is_no_former_worktree(
        self, worktrees: WorktreeSource, place: str, folder: str
    ) -> None:
        assert worktrees.former(f"{place}/{folder}") is None

    @pytest.mark.parametrize("folder", ["", "main", "../main", "C:\\work", "/nul\0l"])
    def test_what_is_no_absolute_folder_has_no_worktree(
        self, worktrees: WorktreeSource, folder: str
    ) -> None:
        assert worktrees.signs(folder, 0) is None

    def test_a_worktree_leads_to_its_history(
        self, worktrees: WorktreeSource, place: str, commits: tuple[str, str]
    ) -> None:
        main, fix = (worktrees.signs(f"{place}/{name}", None) for name in ("main", "main-fix"))
        assert main is not None
        assert fix is not None

        for seen in (main, fix):
            history = worktrees.history(seen)
            assert history is not None
            told = history.commits([CommitId(commits[1])], [], None)
            assert [each.commit for each in told] == list(commits)

    @pytest.mark.parametrize("path", ["plain", "gone", "main/src", "../main"])
    def test_where_no_worktree_is_there_is_no_history(
        self, worktrees: WorktreeSource, place: str, path: str
    ) -> None:
        assert worktrees.history(WorktreeSigns(path=f"{place}/{path}")) is None
