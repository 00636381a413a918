"""Which commits took the place of those that no branch leads to any more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field

from opentraces.application.open_repository import Opened
from opentraces.application.read_trail import KeptTrail
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.anchoring import Looked
from opentraces.domain.trail.events import Anchored, Superseded
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.replacing import (
    Replacing,
    Texts,
    apart,
    blobs_of,
    held_again,
    key_of,
    lines_named,
)
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.revisions import Revisions

Asked = tuple[KeptTrail, Sequence[Anchored]]
"""A trail, and the anchors that were found now."""


@frozen_dataclass
class ObserveReplaced:
    """Says which commits took the place of those that no branch leads to any more.

    While a branch leads to a commit, it was repeated elsewhere, and not replaced. In a clone of
    the repository that a session is in, its branches are not known: nothing is said.
    """

    revisions: Revisions
    checkouts: Checkouts

    def execute(
        self, opened: Opened, looked: Looked, trails: Sequence[Asked]
    ) -> list[list[Superseded]]:
        """Return, for each trail, what it does not say yet.

        The repository is asked once for all of them; where it does not tell what branches lead
        to, nothing is said. Raises RepositoryUnreadable.
        """
        told = looked.heads.rewritten
        asked = [self._asked(opened, looked, kept, found) for kept, found in trails]
        every = {one for each in asked for one in each.every}
        if not every:
            return [[] for _ in trails]
        try:
            led = self.revisions.led_to(opened.worktree, every, looked.heads.leading)
        except RepositoryUnreadable:  # what branches lead to is not known
            return [[] for _ in trails]
        found = [each.replacing(led, told) for each in asked]
        texts = _texts(opened, (each for one in found for each in one.wanted))
        return [
            [
                Superseded(repository=looked.repository, commit=old, by=by)
                for old, by in one.replaced(texts)
                if each.known.get(old) != by
            ]
            for each, one in zip(asked, found, strict=True)
        ]

    def _asked(
        self, opened: Opened, looked: Looked, kept: KeptTrail, found: Sequence[Anchored]
    ) -> "_Asked":
        if not self._is_here(opened, kept):
            return _Asked()
        anchors = dict(kept.trail.anchored_in(looked.repository))
        anchors |= {key_of(each): each for each in found}
        standing = [each for each in anchors.values() if each.lines]
        return _Asked(
            anchors=standing,
            commits=frozenset(held_again(standing, looked.heads.rewritten)),
            known={
                CommitId(commit): CommitId(event.by)
                for (repository, commit), event in kept.trail.superseded.items()
                if repository == looked.repository
            },
            apart={patch: apart(made.change.hunks) for patch, made in kept.trail.patches.items()},
        )

    def _is_here(self, opened: Opened, kept: KeptTrail) -> bool:
        """Whether no other clone that is there is the session's."""
        worktree = kept.envelope.header.worktree
        return (
            worktree is None
            or worktree.path in opened.worktrees
            or not self.checkouts.is_there(worktree.path)
        )


@frozen_dataclass
class _Asked:
    """What is known of one trail."""

    anchors: Sequence[Anchored] = ()
    commits: frozenset[CommitId] = frozenset()
    """Those that may have been replaced."""

    known: Mapping[CommitId, CommitId] = field(default_factory=dict)
    """What it says already."""

    apart: Mapping[str, int] = field(default_factory=dict)

    @property
    def every(self) -> set[CommitId]:
        """All of which it matters whether a branch leads to them."""
        return {*self.commits, *(self.known[each] for each in self.commits & self.known.keys())}

    def replacing(self, led: Collection[CommitId], told: Mapping[CommitId, CommitId]) -> Replacing:
        """Ask only of commits in whose place there is none yet that a branch leads to."""
        left = {each for each in self.commits if each not in led}
        left -= {each for each in left if self.known.get(each) in led}
        return Replacing(self.anchors, left, led, self.apart, told)


def _texts(opened: Opened, anchors: Iterable[Anchored]) -> Texts:
    wanted = blobs_of(anchors)
    contents = opened.repository.blobs(list(wanted)) if wanted else ()
    return {
        key_of(each): lines_named(each, content)
        for some, content in zip(wanted.values(), contents, strict=True)
        if content is not None
        for each in some
    }
