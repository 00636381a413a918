"""Repositories in a place of their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.git.command import Answer, GitCommand
from opentraces.adapters.git.conversation import Conversation
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


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What git is asked, as it is started."""
    asked_of: list[tuple[str, ...]] = []
    ran, begun = GitCommand.run, GitCommand.start

    def run(git: GitCommand, folder: str, asked: Sequence[str], *more: Any) -> Answer:
        asked_of.append(tuple(asked))
        return ran(git, folder, asked, *more)

    def start(git: GitCommand, folder: str, asked: Sequence[str], *more: Any) -> Conversation:
        asked_of.append(tuple(asked))
        return begun(git, folder, asked, *more)

    monkeypatch.setattr(GitCommand, "run", run)
    monkeypatch.setattr(GitCommand, "start", start)
    return asked_of
