"""Who wrote the lines of a file that are not committed yet."""

from collections.abc import Sequence

from opentraces.application.open_repository import Opened
from opentraces.application.touching import Touching
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.blame import Author
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.history import (
    BlamedLine,
    Commit,
    CommitId,
    FileBefore,
    ObjectId,
    PathChange,
)
from opentraces.ports.revisions import Revisions
from opentraces.ports.text_diff import TextDiff

_NOW = ObjectId("now")
_HEAD = ObjectId("head")
_LATER = 2**40
"""Seconds since 1970: after all that happened."""


@frozen_dataclass
class PendingLines:
    """Holds a file of the worktree to the same evidence as if it were committed now."""

    touching: Touching
    revisions: Revisions
    diff: TextDiff

    def execute(
        self, opened: Opened, path: str, blamed: Sequence[BlamedLine]
    ) -> dict[tuple[str | None, str, int], Author]:
        """Return who wrote which line, as (None, path, number); `blamed`: all lines of the file.

        Raises RepositoryUnreadable, StorageUnavailable.
        """
        pending = {each.line: n for n, each in enumerate(blamed, 1) if each.commit is None}
        found = self.touching.execute(opened, [path]) if pending else None
        if found is None or not found.actions:
            return {}
        text = "".join(f"{each.text}\n" for each in blamed).encode("utf-8", "replace")
        texts = {_NOW: text}
        head = opened.repository.heads().head
        there = self.revisions.files_at(opened.worktree, head, [path]) if head else {}
        before: tuple[FileBefore, ...] = ()
        if path in there:
            old = next(iter(opened.repository.blobs([there[path]])))
            if old is None:
                return {}
            texts[_HEAD] = old
            before = (FileBefore(path, _HEAD),)
        change = PathChange(path, _NOW, before)
        commit = Commit(CommitId(""), (), "", _LATER, _LATER, "", (change,))
        credited = Crediting(found.actions, self.diff.edits).take(commit, texts)
        own = {place: line for line, place in pending.items()}
        return {
            (None, path, own[line]): found.author(each.patch, each.tier)
            for each in credited
            for line in each.lines
            if line in own
        }
