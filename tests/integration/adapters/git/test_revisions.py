"""Names of commits and files, as the git command tells them."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_source import open_command
from opentraces.adapters.git.repository import GitRepository
from opentraces.adapters.git.revisions import GitRevisions
from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable
from opentraces.domain.trail.history import CommitId
from tests.contracts.revisions import RevisionsContract
from tests.git_histories import GitMaker
from tests.git_repositories import git

GIT = GitCommand(os.defpath)


class TestGitRevisions(RevisionsContract):
    options: tuple[str, ...] = ()

    @pytest.fixture
    def maker(self, tmp_path: Path) -> GitMaker:
        def read(folder: Path) -> GitRepository:
            return GitRepository(open_command(GIT, str(folder)), GIT)

        return GitMaker(tmp_path.resolve() / "repository", read, *self.options)

    @pytest.fixture
    def checkout(self, maker: GitMaker) -> str:
        return str(maker.folder)

    @pytest.fixture
    def revisions(self) -> GitRevisions:
        return GitRevisions(GIT)

    def test_a_link_is_no_file(
        self, revisions: GitRevisions, checkout: str, maker: GitMaker
    ) -> None:
        files = {"link": ("120000", b"/etc/passwd"), "run": ("100755", b"run\n")}
        commit = maker.commit_modes(files)

        assert set(revisions.files_at(checkout, commit, ["link", "run"])) == {"run"}

    def test_names_as_people_write_them(
        self, revisions: GitRevisions, checkout: str, chain: list[CommitId]
    ) -> None:
        git(Path(checkout), "tag", "-a", "-m", "one", "v1", chain[1])

        assert revisions.resolve(checkout, "v1") == (chain[1],)
        assert revisions.resolve(checkout, "HEAD~2") == (chain[1],)
        assert revisions.resolve(checkout, "v1..HEAD^") == (chain[2],)
        assert revisions.resolve(checkout, chain[2][:10]) == (chain[2],)

    def test_before_the_first_commit_there_is_no_head(
        self, revisions: GitRevisions, checkout: str
    ) -> None:
        with pytest.raises(NoSuchRevision):
            revisions.resolve(checkout, "HEAD")

    def test_many_names_are_asked_for_in_parts(
        self, revisions: GitRevisions, checkout: str, chain: list[CommitId]
    ) -> None:
        many = [CommitId(f"{number:040x}") for number in range(1_200)]

        assert revisions.led_to(checkout, [*many, chain[0]], [chain[1]]) == {chain[0]}
        assert set(revisions.files_at(checkout, chain[1], [*many, "a"])) == {"a"}

    def test_without_git_it_says_so(self, checkout: str, chain: list[CommitId]) -> None:
        with pytest.raises(RepositoryUnreadable, match="git is not installed"):
            GitRevisions(GitCommand("/nowhere")).resolve(checkout, "HEAD")


class TestOfLongerIds(TestGitRevisions):
    options = ("--object-format=sha256",)
