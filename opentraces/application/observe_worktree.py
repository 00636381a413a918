"""Keep what changed in a worktree while commands ran in a session."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opentraces.application.open_repository import Opened, OpenRepository
from opentraces.application.touching import Touching
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.observed import ObservedFile, compared, observed_patches
from opentraces.ports.clock import Clock
from opentraces.ports.text_diff import TextDiff
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.worktree_files import WorktreeFiles


@dataclass(frozen=True, slots=True)
class ObserveWorktree:
    """Keep what changed in a worktree while commands ran in a session.

    A file counts that Git reports as changed, that was written since the first of the events, and
    that holds something else than the tools' own edits left in it.
    """

    open: OpenRepository
    files: WorktreeFiles
    touching: Touching
    diff: TextDiff
    writer: TraceWriter
    clock: Clock

    def execute(self, trace: TraceId, facts: HookFacts) -> int:
        """Return how many files were found. Only after the trace was kept.

        Raises BadRequest, RepositoryUnreadable: NoRepository among it; Corrupt, StorageUnavailable.
        """
        if not facts.commands or not facts.began or not facts.folders:
            return 0
        moment = int(self.clock.now().timestamp() * 1000)
        opened = self.open.execute(facts.folders[0])
        found = list(self._found(opened, trace, facts.began))
        if found:
            self._write(trace, moment, found)
        return len(found)

    def _found(self, opened: Opened, trace: TraceId, since: int) -> Iterator[ObservedFile]:
        changed = self.files.uncommitted(opened.worktree, since)
        paths = [each.path for each in changed]
        touched = self.touching.execute(opened, paths, also=[trace]) if changed else None
        if touched is None or all(kept.envelope.trace_id != trace for kept in touched.trails):
            return  # without the session's own edits they would be taken for a command's
        states = Crediting(touched.actions, self.diff.edits)
        for each in changed:
            known = states.held(opened.worktree, each.path)
            before = each.committed if known is None else known
            if (before or b"") != (each.content or b""):
                path = f"{opened.worktree.rstrip('/')}/{each.path}"
                observed = compared(path, before, each.content, self.diff.edits)
                if not _is_told(observed, opened.worktree, each.path, touched.actions):
                    yield observed

    def _write(self, trace: TraceId, moment: int, found: list[ObservedFile]) -> None:
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            for event in observed_patches(trace, moment, found):
                edit.append_trail(event)
            if edit.envelope is not None:
                edit.commit(edit.envelope.header)


def _is_told(observed: ObservedFile, worktree: str, path: str, actions: Sequence[Action]) -> bool:
    """Whether the last that is kept of a file is this very change: nothing happened since."""
    theirs = [
        each
        for each in actions
        if (each.worktree, each.path) == (worktree, path) and each.operation != "read"
    ]
    last = max(theirs, key=lambda each: each.moment, default=None)
    return last is not None and last.patch is None and last.hunks == observed.hunks
