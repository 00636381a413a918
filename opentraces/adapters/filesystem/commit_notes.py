"""What Git's hooks noted, as a file a repository in the spool folder."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.domain.enrolment import Project
from opentraces.domain.git_hooks import key_of
from opentraces.domain.trail.noted_commits import NotedCommits, read_notes
from opentraces.ports.commit_notes import CommitNotes

_LARGEST = 1 << 20
"""Bytes that are read: more commits than anybody makes between two looks."""

_FOLDER = "git"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FilesystemCommitNotes(CommitNotes):
    """`spool/git/<key>`: hooks add to it as long as it is there."""

    def __init__(self, spool: Path) -> None:
        self._folder = spool / _FOLDER

    def read(self, repository: str) -> NotedCommits:
        """See CommitNotes."""
        path = self._folder / key_of(repository)
        with translated(str(path)):
            try:
                descriptor = os.open(path, os.O_RDONLY | FILE)
            except FileNotFoundError:
                return NotedCommits()
            try:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    return NotedCommits()
                start = max(0, found.st_size - _LARGEST)
                noted = read_notes(os.pread(descriptor, _LARGEST, start))
            finally:
                os.close(descriptor)
        return NotedCommits(noted.is_any, start + noted.length, noted.pairs)

    def clear(self, repository: str, noted: NotedCommits) -> None:
        """See CommitNotes.

        A file that grew meanwhile is left for the next look; one that grows at this very moment
        loses a line, and nothing but time is lost with it.
        """
        path = self._folder / key_of(repository)
        with translated(str(path)), suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_WRONLY | FILE)
            try:
                if 0 < os.fstat(descriptor).st_size <= noted.length:
                    os.ftruncate(descriptor, 0)
            finally:
                os.close(descriptor)


def bring_notes_in_line(home: Path, projects: Iterable[Project]) -> None:
    """Let the hooks of enrolled repositories find a file, and those of others none.

    Raises StorageUnavailable.
    """
    folder = home / "spool" / _FOLDER
    repositories = (each.repository for project in projects for each in project.checkouts)
    keys = {key_of(repository) for repository in repositories if repository is not None}
    wanted = {key for key in keys if (home / "state" / _FOLDER / f"{key}.json").is_file()}
    with translated(str(folder)):
        found = {each.name for each in folder.iterdir()} if folder.is_dir() else set[str]()
        for key in found - wanted:
            with suppress(FileNotFoundError):
                (folder / key).unlink()
        for key in wanted - found:
            _make(folder, key)


def _make(folder: Path, key: str) -> None:
    for missing in (folder.parent, folder):
        missing.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(folder / key, _NEW, 0o600))
