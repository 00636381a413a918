"""What is to be added to a trail after history was looked at."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import groupby

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.moments import iso_text
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.credit import Credit
from opentraces.domain.trail.events import Anchored, Lines
from opentraces.domain.trail.history import Commit, CommitId, Heads
from opentraces.domain.trail.known import AnchorKey

_LONGEST_SUBJECT = 500
"""Characters."""

TIERS: Sequence[EvidenceTier] = (
    "exact_blob_hash",
    "exact_range_hash",
    "git_clean_range_hash",
    "patch_id",
    "structural_symbol",
    "formatter_divergent",
)
"""Strongest first."""


@frozen_dataclass
class Looked:
    """What was found of the patches of a repository, in the part of history that was looked at."""

    repository: str
    """Which: see `repository_key`."""

    commits: Mapping[CommitId, Commit]
    """The commits that were looked at."""

    heads: Heads
    """Where the repository's branches are."""

    found: Mapping[str, Mapping[AnchorKey, Anchored]] = field(default_factory=dict)
    """What they hold, by patch."""

    @property
    def paths(self) -> frozenset[str]:
        """The files that they changed, under each name that they had."""
        changes = [change for each in self.commits.values() for change in each.changes]
        names = {before.path for change in changes for before in change.before}
        return frozenset(names | {change.path for change in changes})


def with_credits(looked: Looked, credited: Iterable[Credit]) -> Looked:
    """Add what was found: one anchor for each patch, commit and file."""
    grouped: dict[AnchorKey, list[Credit]] = {}
    for credit in credited:
        grouped.setdefault((credit.patch, credit.commit, credit.path), []).append(credit)
    names = {commit: name for name, commit in sorted(looked.heads.branches.items(), reverse=True)}
    found: dict[str, dict[AnchorKey, Anchored]] = {}
    for key, same in grouped.items():
        commit = looked.commits[same[0].commit]
        anchor = _anchor(looked.repository, same, commit, names.get(commit.commit))
        found.setdefault(key[0], {})[key] = anchor
    return replace(looked, found=found)


def _anchor(
    repository: str, same: Sequence[Credit], commit: Commit, branch: str | None
) -> Anchored:
    """Join credits of one patch in one file of a commit; the weakest tie holds for all of them."""
    first = same[0]
    return Anchored(
        patch_id=first.patch,
        repository=repository,
        commit=first.commit,
        committed=iso_text(commit.committed),
        path=first.path,
        blob=first.blob,
        tier=max((each.tier for each in same), key=TIERS.index),
        lines=runs_of(line for each in same for line in each.lines),
        carried_from=next((each.carried_from for each in same if each.carried_from), None),
        branch=branch,
        subject=_written(commit.subject),
    )


def _written(subject: str) -> str:
    """Return a subject as it can be written down: bytes that are no text are replaced."""
    return subject[:_LONGEST_SUBJECT].encode("utf-8", "replace").decode()


def runs_of(numbers: Iterable[int]) -> tuple[Lines, ...]:
    """Return numbers of lines as runs, ascending."""
    ordered = enumerate(sorted(set(numbers)))
    runs = (list(run) for _, run in groupby(ordered, key=lambda each: each[1] - each[0]))
    return tuple((run[0][1], run[-1][1]) for run in runs)


def changed_anchors(
    looked: Looked,
    patches: Collection[str],
    before: Mapping[AnchorKey, Anchored],
    *,
    is_whole: bool,
) -> Iterator[Anchored]:
    """Yield what a trail has to say now and did not say before; what does not hold is taken back.

    `patches`: those of the trail that were looked for. Commits that were not looked at stay.
    `is_whole`: whether all that they wrote is still kept; else what was said before stands.
    """
    if not is_whole:
        found = (each for patch in patches for each in looked.found.get(patch, {}).items())
        yield from (anchor for key, anchor in found if key not in before)
        return
    for patch in patches:
        for key, anchor in looked.found.get(patch, {}).items():
            known = before.get(key)
            if known is None or _is_other(anchor, known):
                yield anchor
    for key, known in before.items():
        is_asked = key[0] in patches and key[1] in looked.commits
        if is_asked and key not in looked.found.get(key[0], {}):
            yield known.but(lines=(), carried_from=None)


def _is_other(anchor: Anchored, known: Anchored) -> bool:
    """Whether it says something else; on which branch it was found first does not count."""
    return anchor.but(branch=known.branch) != known
