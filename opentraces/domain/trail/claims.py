"""What a commit adds to a file, and which patches may have written it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import Commit, CommitId, ObjectId, PathChange
from opentraces.domain.trail.owners import Owner
from opentraces.domain.trail.text import Edits, lines_of, squeezed_text


@dataclass(frozen=True)
class Subject:
    """One file of one commit, with the lines that the commit adds to it."""

    commit: Commit
    """The commit."""

    change: PathChange
    """The file."""

    text: bytes
    """What it holds."""

    parents: tuple[bytes, ...]
    """What it held in each parent that had it."""

    added: frozenset[int]
    """Places of the lines that are in none of them by Git's own diff, from 0; never empty."""

    @cached_property
    def lines(self) -> list[bytes]:
        """Its lines."""
        return lines_of(self.text)

    @cached_property
    def counts(self) -> Counter[bytes]:
        """How often each line is in it."""
        return Counter(self.lines)

    @cached_property
    def counts_added(self) -> Counter[bytes]:
        """How often each line is among those that it adds."""
        return Counter(self.lines[at] for at in self.added)

    @cached_property
    def stood(self) -> frozenset[bytes]:
        """Lines that were in the file before, wherever."""
        return frozenset(line for each in self.parents for line in lines_of(each))

    def squeezed(self, places: frozenset[int], edits: Edits) -> "Subject":
        """Return the same with lines as formatters leave them; only `places` are asked about.

        Of these, a line of which white space alone was changed was there before, and is not added.
        """
        parents = tuple(map(squeezed_text, self.parents))
        text = squeezed_text(self.text)
        added = places & added_places(text, parents, edits)
        return Subject(self.commit, self.change, text, parents, added)

    @property
    def paths(self) -> tuple[str, ...]:
        """What the file is and was called."""
        return tuple(dict.fromkeys((self.change.path, *(b.path for b in self.change.before))))

    @property
    def blob(self) -> ObjectId:
        """Git's id of what it holds."""
        return self.change.blob or ObjectId("")

    @property
    def until(self) -> int:
        """The moment from which on nothing can be in the commit: the end of its second, in ms."""
        return (self.commit.committed + 1) * 1000


@frozen_dataclass
class Claim:
    """A patch that may have written a line."""

    patch: int
    """Number of the patch."""

    line: Owner
    """Which of its lines."""

    tier: EvidenceTier
    """What ties them."""

    carried_from: CommitId | None = None
    """The commit that this one repeats. None: it repeats none that we know."""


def added_places(text: bytes, parents: Iterable[bytes], edits: Edits) -> set[int]:
    """Return the places of the lines that none of the parents has by Git's own diff, from 0."""
    added = set(range(len(lines_of(text))))
    for old in parents:
        added &= {at for edit in edits(old, text) for at in range(edit[2], edit[3])}
    return added
