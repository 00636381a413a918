"""Lists of commits, as the git command makes them."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.commit_log import GitCommitLog
from opentraces.adapters.git.library import open_library
from opentraces.adapters.git.repository import GitRepository
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.history import CommitId
from tests.contracts.commit_log import CommitLogContract
from tests.git_histories import GitMaker
from tests.git_repositories import git

GIT = GitCommand(os.defpath)


class TestGitCommitLog(CommitLogContract):
    options: tuple[str, ...] = ()

    @pytest.fixture
    def maker(self, tmp_path: Path) -> GitMaker:
        def unread(folder: Path) -> GitRepository:
            return GitRepository(open_library(str(folder)), GIT)

        return GitMaker(tmp_path.resolve() / "repository", unread, *self.options)

    @pytest.fixture
    def checkout(self, maker: GitMaker) -> str:
        return str(maker.folder)

    @pytest.fixture
    def log(self) -> GitCommitLog:
        return GitCommitLog(GIT)

    def test_no_program_that_a_repository_names_is_run(
        self, log: GitCommitLog, checkout: str, chain: list[CommitId], tmp_path: Path
    ) -> None:
        trap = tmp_path / "trap"
        trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
        trap.chmod(0o755)
        for key in ("gpg.program", "core.pager", "core.fsmonitor", "diff.external"):
            git(Path(checkout), "config", key, str(trap))
        git(Path(checkout), "config", "log.showSignature", "true")

        assert len(log.latest(checkout, chain[-1], 20)) == 4
        assert len(log.named(checkout, chain)) == 4
        assert not (tmp_path / "sprung").exists()

    def test_many_names_take_few_processes(
        self, log: GitCommitLog, checkout: str, chain: list[CommitId]
    ) -> None:
        many = [CommitId(f"{number:040x}") for number in range(1_200)]

        assert list(log.named(checkout, [*many, chain[0]])) == [chain[0]]

    def test_without_git_it_says_so(self, checkout: str, chain: list[CommitId]) -> None:
        with pytest.raises(RepositoryUnreadable, match="git is not installed"):
            GitCommitLog(GitCommand("/nowhere")).latest(checkout, chain[0], 1)


class TestOfLongerIds(TestGitCommitLog):
    options = ("--object-format=sha256",)
