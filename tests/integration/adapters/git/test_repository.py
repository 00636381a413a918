"""A repository as libgit2 reads it, and as the git command does."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.library import open_library
from opentraces.adapters.git.repository import GitRepository
from tests.contracts.repository import Maker, RepositoryContract
from tests.git_histories import GitMaker

GIT = GitCommand(os.defpath)


def by_library(folder: Path) -> GitRepository:
    return GitRepository(open_library(str(folder)), GIT)


class TestByLibrary(RepositoryContract):
    @pytest.fixture
    def maker(self, tmp_path: Path) -> Maker:
        return GitMaker(tmp_path.resolve() / "repository", by_library)
