"""Which commit took the place of one that no branch leads to any more.

Told by the lines of patches, however the one became the other: a squash here or on a server, a
fixup, a split, an amend or a rebase.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.events import Anchored
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.domain.trail.known import AnchorKey
from opentraces.domain.trail.text import is_telling, lines_of, squeezed

Texts = Mapping[AnchorKey, Counter[bytes]]
"""The lines that anchors name and that tell their writer, without white space.

An anchor whose file is not there is missing.
"""

_Held = dict[str, list[Anchored]]
"""What one commit holds, by patch."""


def held_again(anchors: Iterable[Anchored], told: Collection[CommitId]) -> set[CommitId]:
    """Return the commits that may have been replaced: others hold the same patches.

    And those that somebody says were: `told`.
    """
    commits: dict[str, set[CommitId]] = {}
    for each in anchors:
        commits.setdefault(each.patch_id, set()).add(CommitId(each.commit))
    several = {one for some in commits.values() if len(some) > 1 for one in some}
    return several | (set(told) & {one for some in commits.values() for one in some})


def lines_named(anchor: Anchored, content: bytes) -> Counter[bytes]:
    """Return the lines of a file that an anchor names and that tell, without white space."""
    lines = lines_of(content)
    named = (line for first, last in anchor.lines for line in lines[first - 1 : last])
    return Counter(squeezed(line) for line in named if is_telling(line))


def apart(hunks: Iterable[Hunk]) -> int:
    """Return how many lines of a change two commits may hold, and none that tells in both.

    A line that does not tell is counted twice. 0: the hunks do not say.
    """
    lines = [line.encode("utf-8", "replace") for hunk in hunks for line in hunk.authored]
    return len(lines) + sum(1 for line in lines if not is_telling(line))


@frozen_dataclass
class Replacing:
    """What the patches of one trail are held by, in one repository."""

    anchors: Sequence[Anchored]
    """All that is known of it."""

    left: Collection[CommitId]
    """Commits that no branch leads to any more, and of which it is asked what replaced them."""

    led: Collection[CommitId]
    """Those that a branch leads to."""

    apart: Mapping[str, int]
    """What `apart` says of each patch, by its id."""

    told: Mapping[CommitId, CommitId]
    """What reflogs, and hooks, say was replaced by what."""

    @property
    def wanted(self) -> list[Anchored]:
        """The anchors whose lines have to be compared."""
        left = {each.patch_id for each in self.anchors if each.commit in self.left}
        led = {each.patch_id for each in self.anchors if each.commit in self.led}
        sides = {*self.left, *self.led}
        return [e for e in self.anchors if e.patch_id in left & led and e.commit in sides]

    def replaced(self, texts: Texts) -> Iterator[tuple[CommitId, CommitId]]:
        """Yield the commits that were replaced, each with the one in its place.

        Of those that a branch leads to and that were not made earlier, it is the one that holds
        most of the same lines of the trail's patches. Where two hold as many, neither is named,
        unless a reflog or a hook names one of them. Where none holds any of them, it is the one
        that a reflog, a hook or a copy of the commit names.
        """
        commits = _by_commit(self.anchors)
        led = commits.keys() & set(self.led)
        for old in sorted(set(self.left) & commits.keys()):
            counts = {
                new: self._shared(commits[old], commits[new], texts)
                for new in led
                if _may_follow(commits[old], commits[new])
            }
            most = max(counts.values(), default=0)
            best = [new for new, count in counts.items() if count == most and most]
            by = best[0] if len(best) == 1 else self._named(old, best)
            if by is not None:
                yield old, by

    def _named(self, old: CommitId, among: Collection[CommitId]) -> CommitId | None:
        """Return what else names one of some commits; of none, any."""
        copies = [each for each in self.anchors if each.carried_from == old and not among]
        latest = max(copies, key=lambda each: (each.committed, each.commit), default=None)
        by = self.told.get(old) or (CommitId(latest.commit) if latest else None)
        return by if by in among or not among else None

    def _shared(self, old: _Held, new: _Held, texts: Texts) -> int:
        return sum(
            _in_both(old[patch], new[patch], texts, self.apart.get(patch, 0))
            for patch in old.keys() & new.keys()
        )


def key_of(anchor: Anchored) -> AnchorKey:
    """Return what an anchor is about."""
    return anchor.patch_id, anchor.commit, anchor.path


def blobs_of(anchors: Iterable[Anchored]) -> dict[ObjectId, list[Anchored]]:
    """Return anchors by the content of their file."""
    found: dict[ObjectId, list[Anchored]] = {}
    for each in anchors:
        found.setdefault(ObjectId(each.blob), []).append(each)
    return found


def _by_commit(anchors: Iterable[Anchored]) -> dict[CommitId, _Held]:
    found: dict[CommitId, _Held] = {}
    for each in anchors:
        held = found.setdefault(CommitId(each.commit), {})
        held.setdefault(each.patch_id, []).append(each)
    return found


def _may_follow(old: _Held, new: _Held) -> bool:
    """Whether a commit may be in the place of another: it is not older, or is its copy."""
    before, after = (next(iter(held.values()))[0] for held in (old, new))
    is_copy = any(each.carried_from == before.commit for some in new.values() for each in some)
    return after.committed >= before.committed or is_copy


def _in_both(old: Sequence[Anchored], new: Sequence[Anchored], texts: Texts, most: int) -> int:
    """Return how many lines of one patch two commits have in common; at the least, if not known."""
    known = [_joined(some, texts) for some in (old, new)]
    if known[0] is not None and known[1] is not None:
        return (known[0] & known[1]).total()
    counts = [
        sum(last - first + 1 for each in some for first, last in each.lines) for some in (old, new)
    ]
    if {(each.blob, each.lines) for each in old} == {(each.blob, each.lines) for each in new}:
        return counts[0]
    return max(sum(counts) - most, 0) if most else 0


def _joined(anchors: Iterable[Anchored], texts: Texts) -> Counter[bytes] | None:
    found: Counter[bytes] = Counter()
    for each in anchors:
        if key_of(each) not in texts:
            return None
        found += texts[key_of(each)]
    return found
