"""A patch with what became of it, to be shown."""

from collections.abc import Iterable, Mapping, Sequence

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.events import Anchored, PatchCreated, SurvivalObserved
from opentraces.domain.trail.fate import Fate, fate_of
from opentraces.domain.trail.file_change import REPEATED, FileChange, Hunk
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.hunks import hunks_between, signed
from opentraces.domain.trail.known import KnownTrail
from opentraces.domain.trail.text import Edits, lines_of


@frozen_dataclass
class HeldBy:
    """A commit that holds lines of a patch."""

    commit: str
    """Full id."""

    committed: str
    """ISO 8601 in UTC: when it was made."""

    path: str
    """The file in it."""

    tier: EvidenceTier
    """What ties them."""

    lines: int
    """How many of its lines the patch wrote."""

    subject: str | None
    """First line of its message. None: the commit is not there, or nobody could look."""

    replaced_by: str | None
    """Full id of the commit in its place, after an amend, a rebase, a squash. None: nothing is."""


@frozen_dataclass
class ShownPatch:
    """One patch."""

    made: PatchCreated
    """What was done."""

    path: str
    """The file: relative to its worktree with `/`, or as the agent named it."""

    hunks: tuple[Hunk, ...] | None
    """What changed. None: that is not kept."""

    held_by: tuple[HeldBy, ...]
    """The commits that hold it, oldest first; empty: none that was searched."""

    survival: SurvivalObserved | None
    """What is left of it. None: nobody looked, or it is in no commit that led to HEAD."""

    fate: Fate
    """What to call that."""

    @property
    def added(self) -> int | None:
        """Lines that it wrote. None: not known."""
        return self._count("+")

    @property
    def removed(self) -> int | None:
        """Lines that it took away. None: not known."""
        return self._count("-")

    def _count(self, sign: str) -> int | None:
        if self.hunks is None or REPEATED in self.made.change.limitations:
            return None
        return sum(line[:1] == sign for hunk in self.hunks for line in hunk.lines)


@frozen_dataclass
class Found:
    """What a trail says of one patch."""

    fate: Fate
    """What became of it."""

    anchors: tuple[Anchored, ...] = ()
    """What holds it, the oldest commit first."""

    survival: SurvivalObserved | None = None
    """What is left of it. None: nobody looked, or no commit that led to HEAD holds it."""


def fates(trail: KnownTrail, repository: str | None) -> dict[str, Found]:
    """Return what became of each patch of a trail, by its id.

    `repository`: only what is said of this one counts, where anything is. None: any.
    """
    survivals: dict[str, list[SurvivalObserved]] = {patch: [] for patch in trail.patches}
    for left in trail.survivals.values():
        if left.patch_id in survivals:
            survivals[left.patch_id].append(left)
    return {
        patch: _found(trail.anchors_of(patch), survivals[patch], repository)
        for patch in trail.patches
    }


def _found(
    anchors: Sequence[Anchored], survivals: Sequence[SurvivalObserved], repository: str | None
) -> Found:
    if any(each.repository == repository for each in anchors):
        anchors = [each for each in anchors if each.repository == repository]
        survivals = [each for each in survivals if each.repository == repository]
    return Found(
        fate=fate_of(survivals, is_anchored=bool(anchors)),
        anchors=tuple(sorted(anchors, key=lambda each: (each.committed, each.commit, each.path))),
        survival=max(survivals, key=lambda each: each.kept, default=None),
    )


def held_by(
    anchors: Iterable[Anchored], subjects: Mapping[CommitId, str], trail: KnownTrail
) -> tuple[HeldBy, ...]:
    """Return the commits that hold a patch, in the order of `anchors`."""
    return tuple(
        HeldBy(
            commit=each.commit,
            committed=each.committed,
            path=each.path,
            tier=each.tier,
            lines=sum(last - first + 1 for first, last in each.lines),
            subject=subjects.get(CommitId(each.commit)),
            replaced_by=replaced.by if replaced else None,
        )
        for each in anchors
        for replaced in (trail.superseded.get((each.repository, each.commit)),)
    )


def hunks_of(
    change: FileChange, before: bytes | None, after: bytes | None, edits: Edits
) -> tuple[Hunk, ...] | None:
    """Return what a change changed; the files before and after as far as they are kept.

    None: neither its hunks nor the files tell.
    """
    if change.hunks:
        return change.hunks
    if change.operation == "delete":
        return None if before is None else (_whole(before, "-"),)
    if after is None:
        return None
    if before is not None:
        return hunks_between(before, after, edits)
    return (_whole(after, "+"),) if change.had_file is False else None


def _whole(text: bytes, sign: str) -> Hunk:
    start = 1 if text else 0
    old, new = (start, 0) if sign == "-" else (0, start)
    return Hunk(old_start=old, new_start=new, lines=signed(sign, lines_of(text)))
