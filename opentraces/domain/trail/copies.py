"""Commits that repeat others: what a rebase or a cherry-pick carries over, Git carried."""

from collections.abc import Mapping
from dataclasses import replace

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.claims import Claim, Subject
from opentraces.domain.trail.owners import unchanged
from opentraces.domain.trail.text import Edits


@frozen_dataclass
class _Known:
    subject: Subject
    stand: Mapping[int, Claim]


class Copies:
    """The commits taken so far, by who wrote them, when, and about what."""

    def __init__(self, edits: Edits) -> None:
        self._edits = edits
        self._known: dict[tuple[str, int, str], list[_Known]] = {}

    def remember(self, subject: Subject, stand: Mapping[int, Claim]) -> None:
        """Take what was found of one file of a commit."""
        if stand:
            self._known.setdefault(_key(subject), []).append(_Known(subject, stand))

    def carried(self, subject: Subject, stand: Mapping[int, Claim]) -> dict[int, Claim]:
        """Return what stands, and what Git carried over of an earlier commit beside it.

        An amended commit is none: it was made from the worktree, as any other. The same author,
        the same second of writing and the same subject name the commit that is repeated.
        """
        found = dict(stand)
        for known in reversed(self._known.get(_key(subject), ())):
            if not _is_copy(subject, known.subject):
                continue
            same = unchanged(known.subject.text, subject.text, self._edits)
            for at in subject.added:
                claim = known.stand.get(same.get(at, -1))
                own = found.get(at, claim)
                if claim is None or own is None or own.carried_from or own.patch != claim.patch:
                    continue
                origin = claim.carried_from or known.subject.commit.commit
                found[at] = replace(own, carried_from=origin)
        return found


def _key(subject: Subject) -> tuple[str, int, str]:
    return subject.commit.author, subject.commit.authored, subject.commit.subject


def _is_copy(subject: Subject, known: Subject) -> bool:
    is_other = known.commit.commit != subject.commit.commit
    is_same_file = bool(set(subject.paths) & set(known.paths))
    return is_other and is_same_file and known.commit.parents != subject.commit.parents
