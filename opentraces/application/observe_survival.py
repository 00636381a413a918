"""What of each patch is left in the files that are checked out."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from opentraces.application.open_repository import Opened
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.anchoring import Looked
from opentraces.domain.trail.events import Anchored, Lines, SurvivalObserved
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.domain.trail.known import KnownTrail
from opentraces.domain.trail.owners import unchanged
from opentraces.domain.trail.survival import followed, state_of
from opentraces.ports.revisions import Revisions
from opentraces.ports.text_diff import TextDiff

_Left = dict[tuple[str, str], Collection[int]]
"""Lines that HEAD still has, by the blob they were in and its path."""

_TOGETHER = 256
"""Files that are held in memory together."""

Asked = tuple[KnownTrail, Sequence[Anchored]]
"""A trail, and the anchors that were found now."""


@frozen_dataclass
class ObserveSurvival:
    """Compares what patches wrote into commits with what HEAD holds of it."""

    diff: TextDiff
    revisions: Revisions

    def execute(
        self, opened: Opened, looked: Looked, trails: Sequence[Asked]
    ) -> list[list[SurvivalObserved]]:
        """Return, for each trail, what is left of the patches whose files or anchors are others.

        Only commits that led to HEAD count; where that cannot be told, nothing is said. The
        repository is asked once for all of them.
        Raises RepositoryUnreadable.
        """
        head = looked.heads.head
        asked = [_asked(looked, trail, changed) for trail, changed in trails]
        anchors = [each for one in asked for theirs in one.values() for each in theirs]
        if head is None or not anchors:
            return [[] for _ in trails]
        commits = {CommitId(each.commit) for each in anchors}
        try:
            led = self.revisions.led_to(opened.worktree, commits, [head])
        except RepositoryUnreadable:  # what led to HEAD is not known
            return [[] for _ in trails]
        left = self._left(opened, looked, head, [each for each in anchors if each.commit in led])
        seen = _Seen(looked, head, led, left)
        return [
            list(seen.of(trail, by_patch))
            for (trail, _), by_patch in zip(trails, asked, strict=True)
        ]

    def _left(
        self, opened: Opened, looked: Looked, head: CommitId, anchors: Sequence[Anchored]
    ) -> _Left:
        """Compare each file of an anchor with HEAD's, renames followed."""
        files = {(each.blob, each.path) for each in anchors}
        names = {path: followed(path, looked.commits.values()) for _, path in files}
        every = sorted({name for each in names.values() for name in each})
        there = self.revisions.files_at(opened.worktree, head, every)
        pairs: dict[tuple[str, str], tuple[ObjectId, ObjectId]] = {}
        for blob, path in sorted(files):
            now = next((there[name] for name in names[path] if name in there), None)
            if now is not None:
                pairs[blob, path] = (ObjectId(blob), now)
        left: _Left = {}
        for start in range(0, len(pairs), _TOGETHER):
            left |= self._compared(opened, list(pairs.items())[start : start + _TOGETHER])
        return left

    def _compared(
        self,
        opened: Opened,
        pairs: Sequence[tuple[tuple[str, str], tuple[ObjectId, ObjectId]]],
    ) -> _Left:
        wanted = list(dict.fromkeys(each for _, pair in pairs for each in pair))
        texts = dict(zip(wanted, opened.repository.blobs(wanted), strict=True))
        return {
            key: {place + 1 for place in unchanged(old, new, self.diff.edits).values()}
            for key, pair in pairs
            for old, new in ((texts[pair[0]], texts[pair[1]]),)
            if old is not None and new is not None
        }


@frozen_dataclass
class _Seen:
    """What HEAD holds, and which commits led to it."""

    looked: Looked
    head: CommitId
    led: Collection[CommitId]
    left: _Left

    def of(
        self, trail: KnownTrail, by_patch: Mapping[str, Sequence[Anchored]]
    ) -> Iterator[SurvivalObserved]:
        """Yield what is to be said of the patches of one trail."""
        reverted = {each.reverts for each in self.looked.commits.values()}
        for patch, theirs in by_patch.items():
            held = [each for each in theirs if each.commit in self.led]
            known = trail.survivals.get((self.looked.repository, patch))
            is_reverted = any(each.commit in reverted for each in held)
            if held:
                observed = _observed(patch, held, self.left, self.head, is_reverted=is_reverted)
                if known is None or _is_other(observed, known):
                    yield observed


def _asked(
    looked: Looked, trail: KnownTrail, changed: Sequence[Anchored]
) -> dict[str, list[Anchored]]:
    """Return the anchors of the patches that may have another fate now, by patch."""
    anchors = dict(trail.anchored_in(looked.repository))
    for each in changed:
        anchors[each.patch_id, each.commit, each.path] = each
    asked = {each.patch_id for each in changed}
    asked |= {key[0] for key in anchors if key[2] in looked.paths}
    by_patch: dict[str, list[Anchored]] = {}
    for key, anchor in sorted(anchors.items()):
        if key[0] in asked and anchor.lines:
            by_patch.setdefault(key[0], []).append(anchor)
    return by_patch


def _observed(
    patch: str, held: Sequence[Anchored], left: _Left, head: CommitId, *, is_reverted: bool
) -> SurvivalObserved:
    written = sum(last - first + 1 for each in held for first, last in each.lines)
    kept = sum(_count(each.lines, left.get((each.blob, each.path), ())) for each in held)
    return SurvivalObserved(
        patch_id=patch,
        repository=held[0].repository,
        head=head,
        kept=kept,
        written=written,
        state=state_of(kept, written, is_reverted=is_reverted),
    )


def _is_other(observed: SurvivalObserved, known: SurvivalObserved) -> bool:
    """Whether it says something else; of which commit it says so does not count."""
    return observed.but(head=known.head) != known


def _count(lines: Sequence[Lines], left: Collection[int]) -> int:
    return sum(1 for first, last in lines for line in range(first, last + 1) if line in left)
