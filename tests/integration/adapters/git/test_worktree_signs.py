"""Worktrees as git makes them."""

import os
import subprocess
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.identity import GitRepositoryIdentity
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.worktree_signs import GitWorktrees
from opentraces.domain.enrolment import Identity, Seen
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.repository import Repository
from opentraces.ports.repository_identity import RepositoryIdentity
from tests.contracts.worktree_signs import BEGAN, WorktreeSourceContract
from tests.git_repositories import NAMED, REMOTE, git, make_repository, root_of

GIT = GitCommand(os.environ.get("PATH", os.defpath))


def git_at(moment: int, folder: Path, *arguments: str) -> None:
    """Run git at another time than now."""
    dates = {"GIT_COMMITTER_DATE": f"{moment} +0000", "GIT_AUTHOR_DATE": f"{moment} +0000"}
    subprocess.run(
        ["git", *NAMED, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, **dates},
    )


@pytest.fixture
def place(tmp_path: Path) -> str:
    main = tmp_path / "main"
    (main / "src").mkdir(parents=True)
    (tmp_path / "plain").mkdir()
    git(main, "init", "--quiet", "--initial-branch=main")
    git(main, "remote", "add", "origin", REMOTE)
    for number in range(2):
        git_at(BEGAN + 100 * number, main, "commit", "--quiet", "--allow-empty", "-m", f"{number}")
    git(main, "worktree", "add", "--quiet", "-b", "fix", str(tmp_path / "main-fix"))
    return str(tmp_path.resolve())


class CountingCheckouts(FilesystemCheckouts):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def around(self, folder: str) -> Seen:
        self.asked.append(folder)
        return super().around(folder)


class CountingIdentity(GitRepositoryIdentity):
    def __init__(self) -> None:
        super().__init__(GIT)
        self.asked: list[str] = []

    def identify(self, checkout: str) -> Identity:
        self.asked.append(checkout)
        return super().identify(checkout)


def looking(
    checkouts: Checkouts | None = None,
    identity: RepositoryIdentity | None = None,
    far: tuple[str, ...] = (),
) -> GitWorktrees:
    return GitWorktrees(
        checkouts or FilesystemCheckouts(),
        identity or GitRepositoryIdentity(GIT),
        GitRepositories(GIT).open,
        far.__contains__,
    )


class TestGitWorktrees(WorktreeSourceContract):
    @pytest.fixture
    def place(self, place: str) -> str:
        return place

    @pytest.fixture
    def commits(self, place: str) -> tuple[str, str]:
        old, new = git(Path(place, "main"), "rev-list", "--reverse", "HEAD").split()
        return old, new

    @pytest.fixture
    def worktrees(self) -> GitWorktrees:
        return looking()


def test_a_folder_is_looked_at_once_and_a_repository_read_once(place: str) -> None:
    checkouts, identity = CountingCheckouts(), CountingIdentity()
    worktrees = looking(checkouts, identity)

    for number in range(50):
        for folder in ("main", "main/src", "plain"):
            worktrees.signs(f"{place}/{folder}", (BEGAN + number) * 1000)

    assert sorted(checkouts.asked) == [f"{place}/{name}" for name in ("main", "main/src", "plain")]
    assert identity.asked == [f"{place}/main"]


def test_a_linked_worktree_is_called_as_the_main_one_is(place: str) -> None:
    git(Path(place, "main-fix"), "checkout", "--quiet", "--orphan", "other")
    git(Path(place, "main-fix"), "commit", "--quiet", "--allow-empty", "-m", "another root")

    signs = looking().signs(f"{place}/main-fix", None)

    assert signs is not None
    assert (signs.root_commit, signs.branch) == (root_of(Path(place, "main")), "other")


def test_a_disk_that_may_be_away_is_not_asked(place: str) -> None:
    checkouts = CountingCheckouts()

    assert looking(checkouts, far=(f"{place}/main",)).signs(f"{place}/main", 0) is None
    assert checkouts.asked == []


def test_a_detached_head_has_no_branch(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "one")
    git(repository, "checkout", "--quiet", "--detach")

    signs = looking().signs(str(repository), None)

    assert signs is not None
    assert (signs.branch, signs.remote, signs.root_commit) == (None, None, root_of(repository))


def test_a_repository_without_commits_is_called_by_its_place(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")

    signs = looking().signs(str(tmp_path), 10**15)

    assert signs is not None
    assert (signs.root_commit, signs.base_commit) == (None, None)
    assert signs.key == str(tmp_path.resolve())


def test_history_that_cannot_be_read_leaves_what_else_is_known(place: str) -> None:
    def refuse(checkout: str) -> Repository:
        raise RepositoryUnreadable(checkout)

    identity = GitRepositoryIdentity(GIT)
    worktrees = GitWorktrees(FilesystemCheckouts(), identity, refuse, lambda _: False)

    signs = worktrees.signs(f"{place}/main", (BEGAN + 50) * 1000)

    assert signs is not None
    assert (signs.base_commit, signs.branch) == (None, None)
    assert signs.remote == "github.com/acme/widgets"
