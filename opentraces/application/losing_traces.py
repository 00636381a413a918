"""Which traces have lines in commits that no branch leads to any more."""

from opentraces.application.open_repository import Opened
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.anchoring import Looked
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.window import Window
from opentraces.ports.revisions import Revisions
from opentraces.ports.trail_index import TrailIndex


@frozen_dataclass
class LosingTraces:
    """Finds the traces that have lines in commits which branches left since the last search.

    A branch that moved on left nothing. Only where one is gone, or was put elsewhere, history is
    asked which commits were its own, and only where these are gone, too, every trace counts that
    has lines in any commit.
    """

    index: TrailIndex
    revisions: Revisions

    def execute(self, opened: Opened, looked: Looked, window: Window) -> set[TraceId]:
        """Return them. Raises RepositoryUnreadable, StorageUnavailable."""
        went = window.went - _followed(looked)
        if not went:
            return set()
        leading = looked.heads.leading
        left = {each.commit for each in opened.repository.commits(went, leading, window.first)}
        is_gone = bool(self._gone(opened, looked, went - left))
        held = self.index.credits(opened.key, None if is_gone else left, None)
        return {each.trace for each in held}

    def _gone(self, opened: Opened, looked: Looked, tips: frozenset[CommitId]) -> set[CommitId]:
        """Return which ends of branches no branch leads to, and history does not have."""
        try:
            led = self.revisions.led_to(opened.worktree, tips, looked.heads.leading)
        except RepositoryUnreadable:
            return set()
        return set(tips - led)


def _followed(looked: Looked) -> set[CommitId]:
    """Return what branches lead to, as far as the commits that were looked at tell."""
    led: set[CommitId] = set()
    ahead = set(looked.heads.leading)
    while ahead:
        commit = ahead.pop()
        led.add(commit)
        known = looked.commits.get(commit)
        ahead |= set(known.parents if known else ()) - led
    return led
