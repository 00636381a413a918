"""Repositories in a place of their own."""

from pathlib import Path

import pytest

from tests.git_repositories import REMOTE, make_repository
from tests.hostile_repositories import make_hostile


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path.resolve()


@pytest.fixture
def main(place: Path) -> Path:
    return make_repository(place / "main", remote=REMOTE)


@pytest.fixture
def hostile(main: Path, place: Path) -> Path:
    """A repository whose configuration names a program wherever Git knows a place for one."""
    return make_hostile(main, place, everything=True)
