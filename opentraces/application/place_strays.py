"""Say of sessions whose worktree is gone that they were in a repository, where that is evident."""

from collections.abc import Collection, Iterator, Sequence

from opentraces.application.open_repository import Opened
from opentraces.domain.envelope import TraceHeader
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedTrace
from opentraces.domain.trail.strays import Grounds, above, files_below, root_by_files
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.commit_log import CommitLog
from opentraces.ports.enrolments import Enrolments
from opentraces.ports.repository_identity import RepositoryIdentity
from opentraces.ports.revisions import Revisions
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.trail_index import TrailIndex

_Asked = tuple[NotedTrace, tuple[str, ...]]
"""A session, and the roots that it may have been in."""


@frozen_dataclass
class PlaceStrays:
    """Finds the sessions of a repository that were kept when their worktree was gone already.

    A commit that the agent wrote down has to be there. Then a folder is told by its place: an
    enrolled project of the same first commit is listed there, or another session of the repository
    began there, or Claude Code makes the worktrees of such a place there. Anywhere else it takes a
    file that the session changed and the repository has: in a folder below those, in one that only
    the repository calls its worktree, and where nothing but the commit tells.

    What is there again, or was another repository's as well, is nobody's.
    """

    index: TrailIndex
    writer: TraceWriter
    checkouts: Checkouts
    enrolments: Enrolments
    identity: RepositoryIdentity
    log: CommitLog
    revisions: Revisions

    def execute(self, opened: Opened) -> int:
        """Note the worktree of each in its header, and return of how many that was.

        Idempotent. Raises Corrupt, NewerFormat, RepositoryUnreadable, StorageUnavailable.
        """
        if opened.key == opened.worktree:
            return 0  # a repository without a first commit that is known is like any other
        every = self.index.strays(opened.key)
        strays = [each for each in every if not self.checkouts.is_there(each.folder)]
        placed = list(self._placed(opened, strays)) if strays else []
        if not placed:
            return 0
        remote = self.identity.identify(opened.worktree).remote
        signs = [
            (stray, WorktreeSigns(path=root, root_commit=opened.key, remote=remote))
            for stray, root in placed
        ]
        return sum(self._note(stray, each) for stray, each in signs)

    def _placed(
        self, opened: Opened, strays: Sequence[NotedTrace]
    ) -> Iterator[tuple[NotedTrace, str]]:
        grounds = self._grounds(opened)
        told = sorted({CommitId(each.base) for each in strays if each.base})
        there = self.log.named(opened.worktree, told) if told else {}
        asked: list[_Asked] = []
        found: list[tuple[NotedTrace, str]] = []
        for stray in strays:
            if stray.base and stray.base not in there:
                continue
            if grounds.is_told(stray.folder):
                found.append((stray, stray.folder))
            else:
                asked.append((stray, self._roots(grounds, stray)))
        for stray, root in (*found, *self._by_files(opened, asked)):
            if self._is_its_own(opened, root):
                yield stray, root

    def _grounds(self, opened: Opened) -> Grounds:
        noted = self.index.noted(opened.key, (), None)
        began = {each.worktree for each in noted if each.repository == opened.key}
        ours = {*self._enrolled(opened, is_ours=True), *began} - {"", "/"}
        gone = frozenset(each for each in ours if not self.checkouts.is_there(each))
        named = self.checkouts.gone(opened.worktree) if opened.worktrees else ()
        return Grounds(opened.worktrees, gone, frozenset(named) - {"/"})

    def _is_its_own(self, opened: Opened, root: str) -> bool:
        """Whether no other repository is known to have been at a root."""
        there = self.index.noted("", [root], None)
        keys = {each.repository for each in there if each.worktree == root}
        return keys <= {opened.key} and root not in self._enrolled(opened, is_ours=False)

    def _enrolled(self, opened: Opened, *, is_ours: bool) -> set[str]:
        """Return where projects are listed: those of the same first commit, or the others."""
        return {
            path
            for each in self.enrolments.projects()
            if (each.root_commit == opened.key) == is_ours
            for path in (*each.paths, *each.former)
        }

    def _roots(self, grounds: Grounds, stray: NotedTrace) -> tuple[str, ...]:
        """Return what may have been its root, and is nothing else now."""
        root = grounds.root_of(stray.folder)
        roots = (root,) if root else above(stray.folder) if stray.base else ()
        return tuple(
            each for each in roots if each in grounds.standing or not self.checkouts.is_there(each)
        )

    def _by_files(
        self, opened: Opened, asked: Sequence[_Asked]
    ) -> Iterator[tuple[NotedTrace, str]]:
        """Yield those of which a file is in HEAD, or in the commit that the session began from.

        The latter, which is another for each, only until history was searched for it.
        """
        paths = {path for stray, roots in asked for path in _below(stray, roots)}
        head = opened.repository.heads().head if paths else None
        now = self._files(opened, head, paths)
        for stray, roots in asked:
            root = root_by_files(roots, stray.paths, now)
            if root is None and stray.searched < stray.commit:
                then = self._files(opened, _began(opened, stray), _below(stray, roots))
                root = root_by_files(roots, stray.paths, then)
            if root is not None:
                yield stray, root

    def _files(
        self, opened: Opened, commit: CommitId | None, paths: Collection[str]
    ) -> Collection[str]:
        """Return which files a commit has."""
        if commit is None or not paths:
            return ()
        return self.revisions.files_at(opened.worktree, commit, sorted(paths))

    def _note(self, stray: NotedTrace, signs: WorktreeSigns) -> bool:
        def change(header: TraceHeader) -> TraceHeader:
            is_same = header.worktree is None and header.folder == stray.folder
            return header.but(worktree=signs) if is_same else header

        try:
            revised = self.writer.revise(stray.trace, change)
        except (Corrupt, NewerFormat, TraceNotFound):
            return False
        return revised.after != revised.before


def _below(stray: NotedTrace, roots: Sequence[str]) -> set[str]:
    return {path for root in roots for path in files_below(stray.paths, root)}


def _began(opened: Opened, stray: NotedTrace) -> CommitId | None:
    """Return the commit that a session began from, as its agent or the reflog tells."""
    if stray.base:
        return CommitId(stray.base)
    return opened.repository.checked_out(stray.first // 1000)
