"""Everything that a Repository can be asked, at once."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from opentraces.domain.errors import NoSuchFile, RepositoryUnreadable
from opentraces.domain.trail.history import Commit, Heads
from opentraces.ports.repository import Repository


class Said(NamedTuple):
    """What a repository says of itself."""

    heads: Heads
    commits: list[Commit]
    contents: list[bytes | None]
    lines: list[list[str | None]]


def ask(repository: Repository) -> Said:
    """Ask for all of its history, and for where all its files' lines came from."""
    heads = repository.heads()
    tips = [*heads.branches.values(), *heads.logged, *([heads.head] if heads.head else [])]
    commits = list(repository.commits(tips, [], None))
    names = [change.blob for commit in commits for change in commit.changes if change.blob]
    contents = list(repository.blobs(names))
    paths = sorted({change.path for commit in commits for change in commit.changes})
    repository.checked_out(10**10)
    lines = [blamed(repository, path) for path in paths]
    return Said(heads, commits, contents, lines)


def blamed(repository: Repository, path: str) -> list[str | None]:
    """Return which commits brought the lines of a file, as it is, or else at HEAD."""
    try:
        lines = repository.blame(path, None)
    except NoSuchFile:
        return []
    except RepositoryUnreadable:
        return [None]
    return [line.commit for line in lines]


def bytes_below(folder: Path) -> dict[str, str]:
    """Return a digest of each file below a folder, and when it was changed."""
    return {
        str(file): f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.stat().st_mtime_ns}"
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }
