"""Walking a history from the newest commits to older ones, as far as it is asked for and there."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId

_SLACK = 64
"""So many commits further known ones are followed, in case a clock was wrong."""


@frozen_dataclass
class Node:
    """What of a commit is needed to walk on."""

    parents: tuple[CommitId, ...]
    """None for a first one."""

    committed: int
    """When it was made, in seconds since 1970."""


Look = Callable[[CommitId], Node | None]
"""Returns a commit; None: it is not there."""


def walk(
    tips: Collection[CommitId], known: Collection[CommitId], since: int | None, look: Look
) -> list[CommitId]:
    """Return what `tips` lead to and `known` do not, parents before children.

    `since`: nothing that was made before it, nor what lies only behind such. Only commits that may
    have to be told are looked at. Where clocks were wrong by far, something known may be told.
    """
    return _Walk(since, look).run(tips, known)


class _Walk:
    """The newest first: a known commit passes on that it is known before its parents are met."""

    def __init__(self, since: int | None, look: Look) -> None:
        self._since = since
        self._look = look
        self._nodes: dict[CommitId, Node] = {}
        self._known: set[CommitId] = set()
        self._wanted: set[CommitId] = set()
        self._met: list[CommitId] = []
        self._queue: list[tuple[int, int, CommitId]] = []
        self._queued: set[CommitId] = set()

    def run(self, tips: Iterable[CommitId], known: Iterable[CommitId]) -> list[CommitId]:
        for commit in known:
            self._meet(commit, is_known=True)
        for commit in tips:
            self._meet(commit, is_known=False)
        slack = _SLACK
        while self._queue and slack:
            slack = _SLACK if self._is_open() else slack - 1
            commit = heapq.heappop(self._queue)[2]
            self._queued.discard(commit)
            is_known = commit in self._known
            if not is_known:
                self._met.append(commit)
                self._wanted.discard(commit)
            for parent in self._nodes[commit].parents:
                self._meet(parent, is_known=is_known)
        return list(self._ordered())

    def _is_open(self) -> bool:
        """Whether something is left to be told, or may turn out to be known."""
        if self._wanted:
            return True
        oldest = self._nodes[self._met[-1]].committed if self._met else None
        return oldest is not None and -self._queue[0][0] >= oldest

    def _meet(self, commit: CommitId, *, is_known: bool) -> None:
        is_new = commit not in self._nodes
        if is_new:
            node = self._look(commit)
            if node is None or (self._since is not None and node.committed < self._since):
                return
            self._nodes[commit] = node
        if is_known and commit not in self._known:
            self._known.add(commit)
            self._wanted.discard(commit)
            is_new = True
        elif is_new:
            self._wanted.add(commit)
        if is_new and commit not in self._queued:
            self._queued.add(commit)
            entry = (-self._nodes[commit].committed, len(self._nodes), commit)
            heapq.heappush(self._queue, entry)

    def _ordered(self) -> Iterator[CommitId]:
        left = {commit for commit in self._met if commit not in self._known}
        for first in reversed(self._met):
            path = [first]
            while path:
                commit = path[-1]
                parents = self._nodes[commit].parents if commit in left else ()
                ahead = next((parent for parent in parents if parent in left), None)
                if ahead is not None:
                    path.append(ahead)
                    continue
                path.pop()
                if commit in left:
                    left.discard(commit)
                    yield commit
