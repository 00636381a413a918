"""Names of commits and files at a commit, as the git command tells them."""

import os
import re
from collections.abc import Collection, Iterator, Sequence

from opentraces.adapters.git.command import Answer, GitCommand
from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.ports.revisions import Revisions

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TOGETHER = 500
"""Names on one command line."""

_FILE = (b"100644", b"100755")
_UNKNOWN = ("bad revision", "unknown revision", "bad object", "ambiguous argument")


class GitRevisions(Revisions):
    """See Revisions."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git

    def resolve(self, checkout: str, said: str) -> tuple[CommitId, ...]:
        """See Revisions. Of `a...b`, what either has and the other lacks, as Git reads it."""
        if said.startswith("-") or not said.strip() or "\n" in said:
            raise NoSuchRevision(f"{said!r} names no commit")
        alone = () if ".." in said else ("--max-count=1",)
        asked = self._git.ask(checkout, "rev-list", *alone, said, "--")
        found = tuple(self._commits(checkout, asked, said))
        if alone and not found:
            raise NoSuchRevision(f"{said!r} names no commit of {checkout}")
        return found

    def parents(self, checkout: str, commit: CommitId) -> tuple[CommitId, ...]:
        """See Revisions."""
        asked = self._git.ask(checkout, "rev-list", "--parents", "--max-count=1", commit, "--")
        return tuple(self._commits(checkout, asked, commit))[1:]

    def files_at(
        self, checkout: str, commit: CommitId, paths: Sequence[str]
    ) -> dict[str, ObjectId]:
        """See Revisions."""
        found: dict[str, ObjectId] = {}
        for some in _batches(sorted({path for path in paths if path})):
            literal = (f":(literal,top){path}" for path in some)
            answer = self._git.run(
                checkout, ["ls-tree", "-z", "--full-tree", commit, "--", *literal]
            )
            for row in (answer.output or b"").split(b"\0"):
                mode, _, rest = row.partition(b" ")
                kind, _, name = rest.partition(b"\t")
                if mode in _FILE:
                    found[os.fsdecode(name)] = ObjectId(kind.split()[1].decode("ascii"))
        return found

    def led_to(
        self, checkout: str, commits: Collection[CommitId], tips: Collection[CommitId]
    ) -> frozenset[CommitId]:
        """See Revisions."""
        led: set[CommitId] = set()
        for some in _batches(_full(commits)):
            there = apart = self._there(checkout, some)
            for others in _batches(_full(tips)):
                apart = self._apart(checkout, apart, others) if apart else apart
            led |= there - apart
        return frozenset(led)

    def _apart(self, checkout: str, commits: set[CommitId], tips: Sequence[str]) -> set[CommitId]:
        """Return which commits none of some tips leads to."""
        without = (f"^{tip}" for tip in tips)
        return commits & self._listed(checkout, "--ignore-missing", *commits, *without)

    def _there(self, checkout: str, commits: Sequence[str]) -> set[CommitId]:
        """Return which commits are in the repository."""
        return self._listed(checkout, "--no-walk=unsorted", "--ignore-missing", *commits)

    def _listed(self, checkout: str, *arguments: str) -> set[CommitId]:
        answer = self._git.ask(checkout, "rev-list", *arguments, "--")
        if answer.output is None:
            raise RepositoryUnreadable(f"{checkout}: {answer.said or 'git cannot read it'}")
        return {CommitId(each) for each in answer.output.decode("ascii", "replace").split()}

    def _commits(self, checkout: str, answer: Answer, said: str) -> Iterator[CommitId]:
        if answer.output is None:
            if any(word in answer.said for word in _UNKNOWN):
                raise NoSuchRevision(f"{said!r} names no commit of {checkout}")
            raise RepositoryUnreadable(f"{checkout}: {answer.said or 'git cannot read it'}")
        for each in answer.output.decode("ascii", "replace").split():
            yield CommitId(each)


def _full(commits: Collection[CommitId]) -> list[str]:
    return sorted({each for each in commits if _COMMIT.fullmatch(each)})


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _TOGETHER):
        yield list(names[start : start + _TOGETHER])
