"""Look for the patches of a repository in its history, as far as that was not done before."""

from opentraces.application.credit_commits import CreditCommits
from opentraces.application.keep_anchors import KeepAnchors
from opentraces.application.losing_traces import LosingTraces
from opentraces.application.noted_heads import NotedHeads
from opentraces.application.open_repository import Opened
from opentraces.application.touching import Touching
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.anchoring import Looked, with_credits
from opentraces.domain.trail.history import Commit, Heads
from opentraces.domain.trail.noted import Searched
from opentraces.domain.trail.window import Window, in_order, since_of_copies, window_of
from opentraces.ports.repository import Repository
from opentraces.ports.trail_index import TrailIndex


@frozen_dataclass
class RefreshTrail:
    """Look for the patches of a repository in its history, as far as that was not done before."""

    index: TrailIndex
    touching: Touching
    losing: LosingTraces
    credit: CreditCommits
    keep: KeepAnchors
    heads: NotedHeads

    def execute(self, opened: Opened) -> None:
        """Idempotent; needs no hook, and never reads the worktree.

        Raises RepositoryUnreadable, Busy, StorageUnavailable. A trace that is damaged is passed
        over: it is neither credited nor a witness.
        """
        searched = self.index.searched(opened.key)
        noted = self.index.noted(opened.key, opened.worktrees, None)
        heads, told = self.heads.read(opened)
        window = window_of(heads, noted, searched)
        if not noted or window.is_empty:
            self.heads.forget(opened, told)
            return
        looked = _walked(opened, heads, window, searched)
        fresh = {each.trace for each in window.fresh}
        losing = self.losing.execute(opened, looked, window)
        touched = self.touching.execute(opened, looked.paths, also=fresh | losing)
        commits = list(looked.commits.values())
        credited = self.credit.execute(opened.repository, commits, touched.actions)
        found = with_credits(looked, credited)
        later = searched.later(window.tips, heads.leading, commits)
        self.keep.execute(opened, found, touched.trails, fresh, later)
        self.heads.forget(opened, told)


def _walked(opened: Opened, heads: Heads, window: Window, searched: Searched) -> Looked:
    """Return the part of history that has to be looked at, parents before children."""
    commits = _Walk(opened.repository, heads)
    new = commits.run(searched, window.first)
    again = [each for each in (window.since, since_of_copies(new)) if each is not None]
    if again and searched.tips:
        new = in_order(commits.run(Searched(), max(min(again), window.first)), new)
    return Looked(
        repository=opened.key,
        commits={each.commit: each for each in new},
        heads=heads,
    )


class _Walk:
    """Goes through a history: what branches lead to, and what only reflogs name."""

    def __init__(self, repository: Repository, heads: Heads) -> None:
        self._repository = repository
        self._heads = heads

    def run(self, searched: Searched, since: int) -> list[Commit]:
        """Return what was not searched, and was made since a second of time."""
        tips = frozenset(self._heads.leading)
        reached = list(self._repository.commits(tips, searched.tips, since))
        known = searched.tips | tips
        left = list(self._repository.commits(self._heads.logged - known, known, since))
        return in_order(left, reached)
