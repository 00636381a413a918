"""Which part of a history has to be looked at again."""

from collections.abc import Iterable, Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import Commit, CommitId, Heads
from opentraces.domain.trail.noted import NotedTrace, Searched

_EARLIER_S = 1
"""Commits are dated in whole seconds."""


@frozen_dataclass
class Window:
    """What is to be looked at."""

    tips: frozenset[CommitId]
    """Where history ends today."""

    fresh: tuple[NotedTrace, ...]
    """Traces that were not looked for yet, or not in all that they did since."""

    is_moved: bool
    """Whether there may be commits that were not looked at."""

    first: int = 0
    """The second from which on any trace may be in a commit."""

    went: frozenset[CommitId] = frozenset()
    """Where branches ended before and none does now: they moved on, or are gone."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.fresh and not self.is_moved and not self.went

    @property
    def since(self) -> int | None:
        """The second from which on fresh traces may be in a commit. None: none is fresh."""
        return min((_second(each) for each in self.fresh), default=None)


def window_of(heads: Heads, noted: Sequence[NotedTrace], searched: Searched) -> Window:
    """Compare what there is with what was looked at."""
    tips = heads.leading | heads.logged
    fresh = tuple(each for each in noted if each.searched < each.commit)
    first = min((_second(each) for each in noted), default=0)
    went = searched.leading - heads.leading
    return Window(tips, fresh, not tips <= searched.tips, first, went)


def since_of_copies(commits: Iterable[Commit]) -> int | None:
    """Return the second from which on the originals of repeated commits may have been made.

    None: no commit repeats another, as far as its times tell.
    """
    return min((each.authored for each in commits if each.authored < each.committed), default=None)


def in_order(*runs: Iterable[Commit]) -> list[Commit]:
    """Join runs of commits, each once, by when they were made; in a run parents come first."""
    found = {commit.commit: commit for run in runs for commit in run}
    return sorted(found.values(), key=lambda each: each.committed)


def _second(noted: NotedTrace) -> int:
    return max(noted.first // 1000 - _EARLIER_S, 0)
