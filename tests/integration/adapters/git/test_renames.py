"""Changes and renames are those that Git itself finds."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.domain.trail.history import CommitId, PathChange
from tests.git_histories import GitMaker

LOG = ("log", "--raw", "-z", "-M", "--no-abbrev", "--format=%x01%H", "--diff-merges=first-parent")
Changes = dict[str, tuple[str | None, str | None]]
"""By path: the path before, and the content."""


def by_git(folder: Path) -> dict[str, Changes]:
    run = subprocess.run(
        ["git", *LOG, "--root", "refs/made"], cwd=folder, check=True, capture_output=True, text=True
    )
    found: dict[str, Changes] = {}
    for text in run.stdout.split("\x01")[1:]:
        commit, *words = text.split("\0")
        changes: Changes = found.setdefault(commit.strip(), {})
        rest = iter([word.lstrip("\n") for word in words if word.strip("\n")])
        for word in rest:
            _, _, old, new, status = word.lstrip(":").split(" ")
            before, after = (next(rest), None) if status != "A" else (None, next(rest))
            if status[0] == "R":
                after = next(rest)
            if status == "D":
                changes[str(before)] = (before, None)
            elif status[0] != "M" or old != new:
                changes[after or str(before)] = (before, new)
    return found


def as_git_says(changes: tuple[PathChange, ...]) -> Changes:
    return {
        change.path: (change.before[0].path if change.before else None, change.blob)
        for change in changes
    }


def random_lines(seed: random.Random, count: int) -> list[bytes]:
    few = [b"}", b"", b"    return x", b"x\0y", b"z" * 150, b"end\r"]
    return [
        b"%d" % seed.randint(0, 10**6) if seed.random() < 0.7 else seed.choice(few)
        for _ in range(count)
    ]


def partly(lines: list[bytes], share: float, seed: random.Random) -> list[bytes]:
    new = random_lines(seed, len(lines))
    return [
        other if seed.random() < share else line for line, other in zip(lines, new, strict=True)
    ]


def history(maker: GitMaker, seed: random.Random, commits: int) -> list[CommitId]:
    """Make commits that move, copy, join, empty and change files, much or little."""
    files = {f"d{n % 5}/f{n % 20}.{n}": random_lines(seed, seed.randint(0, 40)) for n in range(40)}
    made: list[CommitId] = []
    for number in range(commits):
        for path in seed.sample(sorted(files), min(len(files), seed.randint(1, 8))):
            lines = files[path]
            target = f"d{seed.randint(0, 6)}/{seed.choice((path[3:], f'f{number}.{path[-1]}'))}"
            kind = seed.random()
            if kind < 0.5:
                del files[path]
            if kind < 0.7:
                files[target] = partly(lines, seed.choice((0, 0, 0.2, 0.45, 0.5, 0.55)), seed)
            elif kind < 0.75:
                del files[path]
            else:
                files[path] = partly(lines, 0.2, seed)
        # Until 2.44 Git did not count a last line without its end.
        data = {path: b"".join(b"%s\n" % line for line in lines) for path, lines in files.items()}
        made.append(maker.commit(data, made[-1:], at=number))
    return made


@pytest.mark.parametrize("number", range(3))
def test_changes_are_those_of_git_log(tmp_path: Path, number: int) -> None:
    repositories = GitRepositories(GitCommand(os.defpath))
    maker = GitMaker(tmp_path.resolve() / "main", lambda folder: repositories.open(str(folder)))
    made = history(maker, random.Random(number), 40)

    commits = list(maker.repository().commits([made[-1]], [], None))

    found = {commit.commit: as_git_says(commit.changes) for commit in commits}
    expected = by_git(maker.folder)
    assert [commit for commit in made if found[commit] != expected[commit]] == []
    moved = [
        path
        for changes in expected.values()
        for path, (before, _) in changes.items()
        if before not in (None, path)
    ]
    assert len(moved) > 50
