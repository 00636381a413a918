"""Which lines of a commit a patch wrote: by content and position, and never by time alone.

Per file and worktree the states in which it was seen are kept in order, and the owners of lines
travel from state to state (`Chain`). A commit's added lines take their owners from the states
that come nearest to what it holds (`nearest`). What may be another's is not credited (`guards`).
"""

from collections.abc import Iterable, Mapping, Sequence

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.chain import Chain
from opentraces.domain.trail.claims import Claim, Subject, added_places
from opentraces.domain.trail.copies import Copies
from opentraces.domain.trail.credit import Credit
from opentraces.domain.trail.guards import standing
from opentraces.domain.trail.history import Commit, ObjectId, PathChange
from opentraces.domain.trail.nearest import said_of, said_of_formatted
from opentraces.domain.trail.text import Edits
from opentraces.domain.trail.writings import Writing, Writings


class Crediting:
    """The evidence for one repository. Commits are taken parents first."""

    def __init__(self, actions: Iterable[Action], edits: Edits) -> None:
        """`actions`: of all sessions together, in any order."""
        self._edits = edits
        self._writings = Writings()
        self._squeezed: Writings | None = None
        self._chains: dict[tuple[str, str], Chain] = {}
        self._copies = Copies(edits)
        self._paths: set[str] = set()
        for action in sorted(actions, key=lambda each: each.moment):
            self._take(action)

    def take(self, commit: Commit, texts: Mapping[ObjectId, bytes]) -> tuple[Credit, ...]:
        """Say who wrote what the commit adds; `texts`: contents of the files it names.

        A content that is missing from `texts` is not known, and nothing is said of its file.
        """
        found: list[Credit] = []
        for change in commit.changes:
            subject = self._subject(commit, change, texts)
            if subject is None:
                continue
            stand = self._copies.carried(subject, self._standing(subject))
            self._copies.remember(subject, stand)
            found += self._credits(subject, stand)
        return tuple(found)

    def _standing(self, subject: Subject) -> dict[int, Claim]:
        """Return the claims that stand; then those of lines that only a formatter changed."""
        chains = self._chains_of(subject.paths)
        said = said_of(subject, chains, self._edits)
        stand = standing(subject, said.claims, self._writings)
        squeezed = subject.squeezed(said.unseen, self._edits) if said.unseen else None
        if squeezed is None or not squeezed.added:
            return stand
        formatted = said_of_formatted(squeezed, subject, chains, self._edits)
        if not formatted.claims:
            return stand
        self._squeezed = self._squeezed or self._writings.squeezed()
        return {**standing(squeezed, formatted.claims, self._squeezed), **stand}

    def held(self, worktree: str, path: str) -> bytes | None:
        """Return what a file was last seen to hold; empty: it went.

        None: it was not seen whole, or something was written into it since at a place not told.
        """
        chain = self._chains.get((worktree, path))
        if chain is None or chain.latest is None or chain.waiting:
            return None
        return chain.latest.text

    def _take(self, action: Action) -> None:
        number = None
        if action.patch is not None and action.operation != "read":
            number = self._writings.add(Writing(action.patch, action.moment))
        chain = self._chain(action.worktree, action.path)
        if action.moved_from is not None and action.moved_from != action.path:
            chain.go_on_from(self._chain(action.worktree, action.moved_from))
        chain.take(action, number)

    def _chain(self, worktree: str, path: str) -> Chain:
        key = (worktree, path)
        if key not in self._chains:
            self._chains[key] = Chain(path, self._edits, self._writings)
            self._paths.add(path)
        return self._chains[key]

    def _chains_of(self, paths: Sequence[str]) -> list[Chain]:
        return [chain for (_, path), chain in self._chains.items() if path in paths]

    def _subject(
        self, commit: Commit, change: PathChange, texts: Mapping[ObjectId, bytes]
    ) -> Subject | None:
        """Return the file and the lines that the commit adds to it. None: none, or not known."""
        if not self._paths & {change.path, *(each.path for each in change.before)}:
            return None
        text = texts.get(change.blob) if change.blob is not None else None
        parents = [texts.get(each.blob) for each in change.before]
        if text is None or None in parents:
            return None
        olds = [each for each in parents if each is not None]
        added = added_places(text, olds, self._edits)
        return Subject(commit, change, text, tuple(olds), frozenset(added)) if added else None

    def _credits(self, subject: Subject, stand: Mapping[int, Claim]) -> list[Credit]:
        """Return the credits of one file: one for each patch, tier and origin."""
        grouped: dict[tuple[int, str, str], list[int]] = {}
        for at, claim in sorted(stand.items()):
            key = (claim.patch, claim.tier, claim.carried_from or "")
            grouped.setdefault(key, []).append(at + 1)
        return [
            Credit(
                patch=self._writings[patch].patch,
                commit=subject.commit.commit,
                path=subject.change.path,
                blob=subject.blob,
                tier=stand[lines[0] - 1].tier,
                lines=tuple(lines),
                carried_from=stand[lines[0] - 1].carried_from,
            )
            for (patch, _, _), lines in grouped.items()
        ]
