"""How many processes questions about trails start, counted and not timed: always as many."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from opentraces.entrypoints.container import trail
from tests.integration.trail.control.story import LOCK, MODULES, Story, tell

ROUNDS = (1, 4)
KINDS = {"plain": (), "sha256": ("--object-format=sha256",)}
"""Repositories that are read by libgit2, and by the git command."""


@pytest.fixture(scope="module", params=list(KINDS.values()), ids=list(KINDS))
def stories(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Story]:
    """A short story, and one with more sessions, commits, files and patches."""
    root = tmp_path_factory.mktemp("processes")
    told = [tell(root / str(n), rounds=n, options=request.param) for n in ROUNDS]
    for number in range(400):
        told[1].main.write(f"more/file_{number}.py", f"NUMBER = {number}\n")
    told[1].commit(told[1].main, "person", "dev")
    for story in told:
        story.user.import_all()
    return told


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the programs that are started, each with what it is asked first."""
    started: list[str] = []
    begin = subprocess.Popen.__init__

    def count(process: Any, command: Any, *more: Any, **named: Any) -> None:
        words = [word for word in command if not word.startswith(("-", "core.", "/"))]
        started.append(" ".join(words[:2]))
        begin(process, command, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", count)
        yield started


def searched(story: Story) -> list[str]:
    settings, folder = story.user.settings, str(story.main.folder)
    with counted() as started:
        opened = trail.open_repository(settings).execute(folder)
        trail.refresh_trail(settings).execute(opened)
    return started


def blamed(story: Story, path: str) -> list[str]:
    settings, folder = story.user.settings, str(story.main.folder)
    opened = trail.open_repository(settings).execute(folder)
    with counted() as started:
        trail.blame_lines(settings).file(opened, path, None, None)
    return started


def test_a_search_starts_as_many_processes_whatever_there_is_to_find(stories: list[Story]) -> None:
    first, second = (searched(story) for story in stories)

    assert first == second
    assert first


def test_a_search_of_nothing_new_starts_no_more(stories: list[Story]) -> None:
    for story in stories:
        searched(story)
    first, second = (searched(story) for story in stories)

    assert first == second


def test_blame_starts_as_many_processes_for_any_file(stories: list[Story]) -> None:
    paths = (*MODULES, LOCK, "src/part_1.py")
    asked = [blamed(story, path) for story in stories for path in paths]

    assert all(each == asked[0] for each in asked)
    assert asked[0]
