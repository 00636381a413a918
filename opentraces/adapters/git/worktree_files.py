"""What is not committed in a worktree: what Git lists, compared here, so that no filter is run."""

import os
from collections.abc import Iterator

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.plain_text import is_named, is_text
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.revisions import GitRevisions
from opentraces.adapters.git.worktree_commits import WorktreeCommits
from opentraces.adapters.git.worktree_places import (
    LARGEST,
    MOST_BYTES,
    MOST_FILES,
    WorktreePlaces,
    is_link,
)
from opentraces.adapters.git.worktree_standing import WorktreeStanding
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.start import Standing
from opentraces.domain.trail.text import with_plain_ends
from opentraces.ports.worktree_files import CommittedFile, UncommittedFile, WorktreeFiles

_TRACKED = ("ls-files", "-z", "--cached")
_UNTRACKED = ("ls-files", "-z", "--others", "--exclude-standard")


class GitWorktreeFiles(WorktreeFiles):
    """See WorktreeFiles. A file whose line ends alone differ from those Git keeps is no change."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git
        self._revisions = GitRevisions(git)

    def uncommitted(self, worktree: str, since_ns: int) -> tuple[UncommittedFile, ...]:
        """See WorktreeFiles. Looks at each tracked file's time; reads only those written since."""
        tracked, others = self._listed(worktree, _TRACKED), self._listed(worktree, _UNTRACKED)
        changed = dict(_changed(worktree, tracked, since_ns))
        changed |= {
            path: content
            for path, content in _changed(worktree, others, since_ns)
            if content is not None
        }
        committed = self._committed(worktree, sorted(changed))
        found = (
            UncommittedFile(path, content, committed.get(path))
            for path, content in sorted(changed.items())
        )
        return tuple(_bounded(each for each in found if _differs(each)))

    def newly_committed(self, worktree: str, since_ns: int) -> tuple[CommittedFile, ...]:
        """See WorktreeFiles. Without a new commit it reads HEAD's reflog and no more."""
        return tuple(WorktreeCommits(self._git, worktree, since_ns).files())

    def standing(self, worktree: str, since_ns: int) -> Standing:
        """See WorktreeFiles. Looks at each tracked file's times."""
        return WorktreeStanding(self._git, worktree, since_ns).find()

    def _listed(self, worktree: str, asked: tuple[str, ...]) -> list[str]:
        answer = self._git.run(worktree, asked)
        if answer.output is None:
            raise RepositoryUnreadable(f"{worktree}: {answer.said or 'git cannot read it'}")
        names = {each for each in answer.output.split(b"\0") if each}
        return sorted(os.fsdecode(each) for each in names if is_named(each))

    def _committed(self, worktree: str, paths: list[str]) -> dict[str, bytes]:
        """Return what HEAD has of files; those that it lacks, or that are no text, are left out."""
        head = self._git.ask(worktree, "rev-parse", "--quiet", "--verify", "HEAD^{commit}").output
        if not head or not paths:
            return {}
        commit = CommitId(head.decode("ascii", "replace"))
        there = self._revisions.files_at(worktree, commit, paths)
        blobs = GitRepositories(self._git).open(worktree).blobs(list(there.values()))
        return {
            path: text
            for path, text in zip(there, blobs, strict=True)
            if text is not None and len(text) <= LARGEST
        }


def _changed(worktree: str, paths: list[str], since: int) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files that were written since, with what they hold; None: they are gone."""
    places = WorktreePlaces(worktree)
    for path in paths:
        found = places.look(path)
        if found is None:
            if places.may_have_gone(path, since):
                yield path, None
        elif found.st_mtime_ns >= since and found.st_size <= LARGEST and not is_link(found):
            content = places.read(path)
            if content is not None and is_text(content):
                yield path, content


def _differs(file: UncommittedFile) -> bool:
    if file.content is None or file.committed is None:
        return file.content != file.committed
    return with_plain_ends(file.content) != with_plain_ends(file.committed)


def _bounded(files: Iterator[UncommittedFile]) -> Iterator[UncommittedFile]:
    held = 0
    for _, file in zip(range(MOST_FILES), files, strict=False):
        held += len(file.content or b"")
        if held > MOST_BYTES:
            return
        yield file
