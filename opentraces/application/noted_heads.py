"""Where a repository's branches are, with what its hooks noted of commits that were replaced."""

from dataclasses import replace

from opentraces.application.open_repository import Opened
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId, Heads
from opentraces.domain.trail.noted_commits import NotedCommits
from opentraces.ports.commit_notes import CommitNotes


@frozen_dataclass
class NotedHeads:
    """Adds what hooks noted to what reflogs tell, and forgets it when it was looked at.

    Hooks only help: without them, or where what they noted cannot be read, the reflogs stand.
    """

    notes: CommitNotes

    def read(self, opened: Opened) -> tuple[Heads, NotedCommits]:
        """Return the heads, and what to forget later. Raises RepositoryUnreadable.

        A commit that a branch still leads to was repeated elsewhere, and not replaced.
        """
        heads = opened.repository.heads()
        noted = self._noted(opened)
        if not noted.pairs:
            return heads, noted
        old = frozenset(noted.rewritten)
        gone = {each.commit for each in opened.repository.commits(old, heads.leading, None)}
        replaced: dict[CommitId, CommitId] = {
            commit: by for commit, by in noted.rewritten.items() if commit in gone
        }
        return replace(heads, rewritten={**replaced, **heads.rewritten}), noted

    def forget(self, opened: Opened, noted: NotedCommits) -> None:
        """Forget what was read; where that cannot be done, it is read again."""
        if noted.length and opened.common is not None:
            try:
                self.notes.clear(opened.common, noted)
            except StorageUnavailable:
                return

    def _noted(self, opened: Opened) -> NotedCommits:
        if opened.common is None:
            return NotedCommits()
        try:
            return self.notes.read(opened.common)
        except StorageUnavailable:
            return NotedCommits()
