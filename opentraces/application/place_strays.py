"""Say of sessions whose worktree is gone that they were in a repository, where that is evident."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from opentraces.application.open_repository import Opened
from opentraces.domain.envelope import TraceHeader
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
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


@dataclass(frozen=True, slots=True)
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
        strays = [each for each in self.index.strays() if not self.checkouts.is_there(each.folder)]
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
        for stray in strays:
            if not stray.base or stray.base in there:
                root = self._root(opened, grounds, stray)
                if root is not None and self._is_its_own(opened, root):
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

    def _root(self, opened: Opened, grounds: Grounds, stray: NotedTrace) -> str | None:
        if grounds.is_told(stray.folder):
            return stray.folder
        root = grounds.root_of(stray.folder)
        roots = [root] if root else above(stray.folder) if stray.base else ()
        free = [each for each in roots if self._may_be(each, grounds)]
        tracked = self._tracked(opened, stray, free)
        return root_by_files(free, stray.paths, tracked)

    def _may_be(self, root: str, grounds: Grounds) -> bool:
        """Whether nothing else is at a root."""
        return root in grounds.standing or not self.checkouts.is_there(root)

    def _tracked(
        self, opened: Opened, stray: NotedTrace, roots: Collection[str]
    ) -> Collection[str]:
        """Return which files below some roots are in commits of the repository.

        In the one that the session began from, as its agent or the reflog tells, or in HEAD.
        """
        paths = sorted({path for root in roots for path in files_below(stray.paths, root)})
        if not paths:
            return ()
        began = CommitId(stray.base) if stray.base else None
        began = began or opened.repository.checked_out(stray.first // 1000)
        commits = dict.fromkeys((began, opened.repository.heads().head))
        found = (self.revisions.files_at(opened.worktree, at, paths) for at in commits if at)
        return {path for files in found for path in files}

    def _note(self, stray: NotedTrace, signs: WorktreeSigns) -> bool:
        def change(header: TraceHeader) -> TraceHeader:
            is_same = header.worktree is None and header.folder == stray.folder
            return header.model_copy(update={"worktree": signs}) if is_same else header

        try:
            revised = self.writer.revise(stray.trace, change)
        except (Corrupt, NewerFormat, TraceNotFound):
            return False
        return revised.after != revised.before
