"""A repository as the git command reads it: for what libgit2 cannot."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from opentraces.adapters.git.borrowed import borrowed
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_objects import CommandObjects
from opentraces.adapters.git.conversation import Conversation
from opentraces.adapters.git.identity import reason_of
from opentraces.adapters.git.objects import Objects, Source
from opentraces.adapters.git.place import Place
from opentraces.adapters.git.reflogs import Logged, checked_out, logged, read_log, read_logs, told
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.history import CommitId, Heads

_WHERE = ("rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-object-format")
_REFS = ("for-each-ref", "--format=%(refname)%00%(objectname)%00%(symref)")
_LOGGED = "--format=%gD%x00%H%x00%gs"
_FOLDERS = ("refs/heads", "refs/remotes")
_LOG = ("log", "--walk-reflogs", "--no-show-signature", "--date=unix", _LOGGED)
_MOVED = re.compile(rb"(.+)@\{(\d{1,15})\}")


def open_command(git: GitCommand, checkout: str) -> "CommandSource":
    """Open the repository of a checkout. Raises RepositoryUnreadable."""
    answer = git.ask(checkout, *_WHERE)
    said = (answer.output or b"").split(b"\n")
    if len(said) != 3:
        raise RepositoryUnreadable(f"{checkout}: {reason_of(answer.said)}")
    git_dir, shared, object_format = map(os.fsdecode, said)
    common = os.path.realpath(os.path.join(checkout, shared))  # noqa: PTH118
    return CommandSource(git, Place(checkout, git_dir, common, object_format))


class CommandSource(Source):
    """See Source."""

    def __init__(self, git: GitCommand, place: Place) -> None:
        self._git = git
        self._place = place

    @property
    def place(self) -> Place:
        """See Source."""
        return self._place

    @contextmanager
    def objects(self) -> Iterator[Objects]:
        """See Source."""
        with borrowed(self._place) as own, ExitStack() as running:

            def start(arguments: Sequence[str]) -> Conversation:
                return self._git.start(own.folder, arguments, own.within)

            yield CommandObjects(start, running)

    def heads(self) -> Heads:
        """See Source."""
        head = self.head()
        log = self._log()
        with self.objects() as objects:
            known, rewritten = told(log, lambda commit: objects.read(commit) is not None)
        branch = self._ask("symbolic-ref", "--quiet", "HEAD")
        return Heads(
            head=head,
            branch=_short(branch) if branch else None,
            branches=self._branches(),
            logged=known,
            rewritten=rewritten,
        )

    def head(self) -> CommitId | None:
        """See Source."""
        said = self._ask("rev-parse", "--quiet", "--verify", "HEAD")
        return CommitId(said.decode("ascii", "replace")) if said else None

    def checked_out(self, moment: int) -> CommitId | None:
        """See Source."""
        return checked_out(self.head_log(), moment)

    def _branches(self) -> dict[str, CommitId]:
        answer = self._git.ask(self._place.checkout, *_REFS, *_FOLDERS)
        if answer.output is None:
            raise RepositoryUnreadable(f"{self._place.checkout}: {reason_of(answer.said)}")
        lines = [line.split(b"\0") for line in answer.output.split(b"\n") if line]
        return {
            _short(name): CommitId(commit.decode("ascii", "replace"))
            for name, commit, leads_on in lines
            if not leads_on
        }

    def head_log(self) -> Sequence[Logged]:
        """See Source."""
        if self._has_log_files:
            return read_log(f"{self._place.git_dir}/logs/HEAD")
        return self.walked_log("HEAD")

    def _log(self) -> Sequence[Logged]:
        if self._has_log_files:
            branches = read_logs(f"{self._place.common_dir}/logs/refs/heads")
            return [*self.head_log(), *branches]
        return self.walked_log("HEAD", "--branches")

    @property
    def _has_log_files(self) -> bool:
        return not os.path.lexists(f"{self._place.common_dir}/reftable")

    def walked_log(self, *which: str) -> Sequence[Logged]:
        """Return reflogs wherever they are kept, of one after the other, the oldest entry first.

        What is not there any more is left out, and so is a first entry's old place.
        """
        said = self._ask(*_LOG, *which) or b""
        by_name: dict[bytes, list[Logged]] = {}
        newest_first = [line.split(b"\0") for line in said.split(b"\n") if b"\0" in line]
        for line in reversed(newest_first):
            moved = _MOVED.fullmatch(line[0])
            if moved and len(line) == 3:
                before = by_name.setdefault(moved[1], [])
                old = before[-1].new if before else None
                before.append(logged((old or "").encode(), line[1], int(moved[2]), line[2]))
        return [entry for entries in by_name.values() for entry in entries]

    def _ask(self, *arguments: str) -> bytes | None:
        return self._git.ask(self._place.checkout, *arguments).output


def _short(name: bytes) -> str:
    return (
        name.removeprefix(b"refs/heads/").removeprefix(b"refs/remotes/").decode("utf-8", "replace")
    )
