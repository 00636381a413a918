"""Lists of commits, as the git command makes them."""

import re
from collections.abc import Iterator, Sequence

from opentraces.adapters.git.command import Answer, GitCommand
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import CommitId
from opentraces.ports.commit_log import CommitLog

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TOGETHER = 500
"""Names on one command line."""

_ROWS = ("rev-list", "--encoding=UTF-8", "--format=%H%x00%P%x00%ct%x00%s")
"""`git log` would ask a program that the repository names for signatures."""


class GitCommitLog(CommitLog):
    """See CommitLog."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git

    def latest(self, checkout: str, tip: CommitId, most: int) -> tuple[CommitBrief, ...]:
        """See CommitLog."""
        if not _COMMIT.fullmatch(tip):
            return ()
        answer = self._git.ask(checkout, *_ROWS, f"--max-count={most}", tip, "--")
        return tuple(_briefs(checkout, answer))

    def named(self, checkout: str, commits: Sequence[CommitId]) -> dict[CommitId, CommitBrief]:
        """See CommitLog."""
        meant = [each for each in dict.fromkeys(commits) if _COMMIT.fullmatch(each)]
        found: dict[CommitId, CommitBrief] = {}
        walked = ("--no-walk=unsorted", "--ignore-missing")
        for start in range(0, len(meant), _TOGETHER):
            some = meant[start : start + _TOGETHER]
            answer = self._git.ask(checkout, *_ROWS, *walked, *some, "--")
            found |= {each.commit: each for each in _briefs(checkout, answer)}
        return {each: found[each] for each in meant if each in found}


def _briefs(checkout: str, answer: Answer) -> Iterator[CommitBrief]:
    """Read rows of four parts; between them Git writes the ids once more."""
    if answer.output is None:
        raise RepositoryUnreadable(f"{checkout}: {answer.said or 'git cannot read it'}")
    for row in answer.output.split(b"\n"):
        parts = row.decode("utf-8", "replace").split("\0", 3)
        if len(parts) == 4:
            commit, parents, committed, subject = parts
            yield CommitBrief(
                commit=CommitId(commit),
                parents=tuple(map(CommitId, parents.split())),
                committed=int(committed),
                subject=subject,
            )
