"""A repository as libgit2 reads it, and as the git command does."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_source import open_command
from opentraces.adapters.git.library import open_library
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.repository import GitRepository
from tests.contracts.repositories import RepositoriesContract
from tests.contracts.repository import Maker, RepositoryContract
from tests.git_histories import GitMaker
from tests.git_repositories import git

GIT = GitCommand(os.defpath)


def by_library(folder: Path) -> GitRepository:
    return GitRepository(open_library(str(folder)), GIT)


def by_command(folder: Path) -> GitRepository:
    return GitRepository(open_command(GIT, str(folder)), GIT)


class TestByLibrary(RepositoryContract):
    @pytest.fixture
    def maker(self, tmp_path: Path) -> Maker:
        return GitMaker(tmp_path.resolve() / "repository", by_library)


class TestByCommand(RepositoryContract):
    @pytest.fixture
    def maker(self, tmp_path: Path) -> Maker:
        return GitMaker(tmp_path.resolve() / "repository", by_command)


class TestOfLongerIds(RepositoryContract):
    @pytest.fixture
    def maker(self, tmp_path: Path) -> Maker:
        return GitMaker(tmp_path.resolve() / "repository", by_command, "--object-format=sha256")


class TestGitRepositories(RepositoriesContract):
    @pytest.fixture
    def repositories(self) -> GitRepositories:
        return GitRepositories(GIT)

    @pytest.fixture
    def checkout(self, tmp_path: Path) -> str:
        folder = tmp_path.resolve() / "checkout"
        (folder / "inside").mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
        return str(folder)

    @pytest.fixture
    def nothing(self, checkout: str) -> str:
        return f"{checkout}/inside"
