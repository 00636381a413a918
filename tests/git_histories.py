"""Histories as the git command writes them, commit by commit."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.ports.repository import Repository
from tests.contracts.repository import Maker
from tests.git_repositories import git


class GitMaker(Maker):
    """Makes what a Repository reads in a folder of its own."""

    def __init__(
        self, folder: Path, open_repository: Callable[[Path], Repository], *options: str
    ) -> None:
        folder.mkdir()
        self.folder = folder
        self._open = open_repository
        git(folder, "init", "--quiet", "--initial-branch=main", *options)

    def repository(self) -> Repository:
        return self._open(self.folder)

    def commit(
        self,
        files: Mapping[str, bytes],
        parents: Sequence[CommitId] = (),
        message: str = "change",
        at: int = 0,
        authored: int | None = None,
    ) -> CommitId:
        own = {path: ("100644", data) for path, data in files.items()}
        return self.commit_modes(own, parents, message, at, authored)

    def commit_modes(
        self,
        files: Mapping[str, tuple[str, bytes]],
        parents: Sequence[CommitId] = (),
        message: str = "change",
        at: int = 0,
        authored: int | None = None,
    ) -> CommitId:
        """Make a commit of files with their modes; bytes of a link say where it leads."""
        text = message.encode()
        lines = [
            b"reset refs/made\ncommit refs/made",
            b"author A <a@example.org> %d +0100" % (at if authored is None else authored),
            b"committer B <b@example.org> %d -0230" % at,
            b"data %d\n%s" % (len(text), text),
            *(f"{word} {parent}".encode() for word, parent in _named(parents)),
            b"deleteall",
        ]
        for path, (mode, data) in files.items():
            lines.append(b"M %s inline %s" % (mode.encode(), _quoted(path)))
            lines.append(b"data %d\n%s" % (len(data), data))
        self._import(b"\n".join(lines) + b"\n")
        return CommitId(git(self.folder, "rev-parse", "refs/made"))

    def move(self, commit: CommitId, branch: str | None = "main", at: int | None = None) -> None:
        self._point(commit, branch, "checkout: moving", at)
        git(self.folder, "read-tree", "--reset", "-u", commit)

    def amend(self, old: CommitId, new: CommitId) -> None:
        self._point(new, "main", "commit (amend): change", None)

    def forget(self, name: CommitId | ObjectId) -> None:
        objects = self.folder / ".git" / "objects"
        for pack in objects.glob("pack/*.pack"):
            pack.rename(self.folder.parent / "pack")
            with (self.folder.parent / "pack").open("rb") as data:
                subprocess.run(["git", "unpack-objects", "-q"], cwd=self.folder, stdin=data)
            pack.with_suffix(".idx").unlink()
        (objects / name[:2] / name[2:]).unlink()

    def write(self, path: str, data: bytes | None) -> None:
        if data is None:
            (self.folder / path).unlink()
        else:
            (self.folder / path).write_bytes(data)

    def _import(self, stream: bytes) -> None:
        quiet = ("fast-import", "--quiet", "--force", "--date-format=raw")
        subprocess.run(["git", *quiet], cwd=self.folder, input=stream, check=True)

    def _point(self, commit: CommitId, branch: str | None, message: str, at: int | None) -> None:
        committed = git(self.folder, "show", "--no-patch", "--format=%ct", commit)
        when = {**os.environ, "GIT_COMMITTER_DATE": f"@{committed if at is None else at} +0000"}
        when |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}

        def run(*arguments: str) -> None:
            subprocess.run(["git", *arguments], cwd=self.folder, env=when, check=True)

        if branch is None:
            run("update-ref", "--no-deref", "-m", message, "HEAD", commit)
            return
        run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        run("update-ref", "-m", message, "HEAD", commit)


def _named(parents: Sequence[CommitId]) -> list[tuple[str, CommitId]]:
    return [("from" if number == 0 else "merge", each) for number, each in enumerate(parents)]


def _quoted(path: str) -> bytes:
    return b'"%s"' % b"".join(b"\\%03o" % byte for byte in os.fsencode(path))
