"""How many processes are started depends on nothing that is in a repository."""

import random
import shutil
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_source import open_command
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.repository import GitRepository
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.ports.repository import Repository
from tests.git_histories import GitMaker
from tests.git_repositories import program

Ask = Callable[[Repository, list[CommitId], list[ObjectId]], object]

ASKED: dict[str, tuple[Ask, int, int]] = {
    "heads": (lambda repository, made, names: repository.heads(), 0, 4),
    "commits": (lambda repository, made, names: list(repository.commits(made, [], None)), 0, 1),
    "blobs": (lambda repository, made, names: list(repository.blobs(names)), 0, 1),
    "blame": (lambda repository, made, names: repository.blame("f0", made[-1]), 1, 1),
    "worktree": (lambda repository, made, names: repository.blame("f0", None), 2, 3),
    "reflog": (lambda repository, made, names: repository.checked_out(0), 0, 0),
}
"""What is asked; the processes by libgit2, and by the command."""


class Counting:
    """A git that is counted each time it is started."""

    def __init__(self, place: Path) -> None:
        self._log = place / "started"
        self._log.touch()
        script = f'echo "$@" >> {self._log}\nexec {shutil.which("git")} "$@"'
        self.command = GitCommand(program(place / "counting", "git", script))

    def started(self) -> int:
        return len(self._log.read_text().splitlines())


def filled(maker: GitMaker, commits: int) -> tuple[list[CommitId], list[ObjectId]]:
    """Fill a repository with so many commits, branches and files, with renames and merges."""
    seed = random.Random(commits)
    files = {f"f{number}": b"%d\n" % number * 30 for number in range(commits)}
    made = [maker.commit(files)]
    for number in range(commits):
        files[f"f{seed.randrange(commits)}"] = b"%d\n" % seed.randrange(10**6) * 20
        files[f"moved/{number}"] = files.pop(f"moved/{number - 1}", b"moved\n" * 9) + b"more\n"
        parents = made[-1:] if number % 5 else list(dict.fromkeys([made[-1], made[0]]))
        made.append(maker.commit(files, parents, at=number))
        maker.move(made[-1], f"branch{number % 7}")
    found = maker.repository().commits(made, [], None)
    return made, [each.blob for commit in found for each in commit.changes if each.blob]


def opened(repositories: GitRepositories, folder: Path) -> Repository:
    return repositories.open(str(folder))


@pytest.mark.parametrize("asked", ASKED)
def test_processes_are_as_many_whatever_there_is(place: Path, asked: str) -> None:
    ask, by_library, by_command = ASKED[asked]
    for commits in (3, 30):
        (place / str(commits)).mkdir()
        counting = Counting(place / str(commits))
        repositories = GitRepositories(counting.command)
        maker = GitMaker(place / str(commits) / "main", partial(opened, repositories))
        made, names = filled(maker, commits)
        source = open_command(counting.command, str(maker.folder))
        started = [counting.started()]

        for repository in (maker.repository(), GitRepository(source, counting.command)):
            ask(repository, made, names)
            started.append(counting.started())

        counts = [after - before for before, after in pairwise(started)]
        assert counts == [by_library, by_command]


def test_opening_by_libgit2_starts_none_and_by_the_command_one(place: Path) -> None:
    counting = Counting(place)
    maker = GitMaker(place / "main", lambda folder: repositories.open(str(folder)))
    repositories = GitRepositories(counting.command)

    maker.repository()
    assert counting.started() == 0

    open_command(counting.command, str(maker.folder))
    assert counting.started() == 1
