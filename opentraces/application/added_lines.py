"""The lines that a commit added to the files it changed."""

from opentraces.application.open_repository import Opened
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.claims import added_places
from opentraces.domain.trail.history import BlamedLine, Commit, CommitId, ObjectId
from opentraces.domain.trail.text import lines_of
from opentraces.ports.revisions import Revisions
from opentraces.ports.text_diff import TextDiff


@frozen_dataclass
class AddedLines:
    """Finds what a commit added, by Git's own diff against its parents."""

    revisions: Revisions
    diff: TextDiff

    def execute(self, opened: Opened, commit: CommitId) -> tuple[BlamedLine, ...]:
        """Return the lines by file and number. What is not there is left out.

        Raises NoSuchRevision, RepositoryUnreadable.
        """
        parents = self.revisions.parents(opened.worktree, commit)
        found = opened.repository.commits([commit], parents, None)
        return tuple(line for each in found for line in self._lines(opened, each))

    def _lines(self, opened: Opened, commit: Commit) -> list[BlamedLine]:
        changes = [each for each in commit.changes if each.blob is not None]
        wanted: dict[ObjectId, None] = {}
        for change in changes:
            wanted |= dict.fromkeys(each.blob for each in change.before)
            wanted |= {change.blob: None} if change.blob is not None else {}
        texts = dict(zip(wanted, opened.repository.blobs(list(wanted)), strict=True))
        lines: list[BlamedLine] = []
        for change in changes:
            text = texts[change.blob] if change.blob is not None else None
            olds = [texts[each.blob] for each in change.before]
            if text is None or None in olds:
                continue
            held = lines_of(text)
            added = added_places(text, [old for old in olds if old is not None], self.diff.edits)
            lines += [
                BlamedLine(
                    commit=commit.commit,
                    line=at + 1,
                    path=change.path,
                    authored=commit.authored,
                    committed=commit.committed,
                    text=held[at].decode("utf-8", "replace"),
                )
                for at in sorted(added)
            ]
        return lines
