"""Keep what changed in a worktree while commands ran in a session."""

from collections.abc import Iterator, Sequence

from opentraces.application.open_repository import Opened, OpenRepository
from opentraces.application.touching import Touching
from opentraces.domain.committing import has_committed
from opentraces.domain.envelope import Envelope
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.observed import ObservedFile, observed_patches
from opentraces.domain.trail.shell_made import Sighting, ToolStates
from opentraces.ports.clock import Clock
from opentraces.ports.markers import Markers
from opentraces.ports.text_diff import TextDiff
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from opentraces.ports.worktree_files import CommittedFile, UncommittedFile, WorktreeFiles

_Sightings = dict[str, list[Sighting]]
"""What Git tells of files, by path, in the order of time."""


@frozen_dataclass
class ObserveWorktree:
    """Keep what changed in a worktree while commands ran in a session.

    A file counts that Git reports as changed, or that was committed by a command, that was written
    since the first of the events, and that holds something else than the tools' own edits left:
    those of other sessions included, sub-agents and neighbours that go on and are not noted yet.
    """

    open: OpenRepository
    files: WorktreeFiles
    traces: TraceStore
    touching: Touching
    markers: Markers
    diff: TextDiff
    writer: TraceWriter
    clock: Clock

    def execute(self, trace: TraceId, facts: HookFacts) -> int:
        """Return how many files were found. Only after the trace was kept.

        Raises BadRequest, RepositoryUnreadable: NoRepository among it; TraceNotFound, Corrupt,
        StorageUnavailable.
        """
        if not facts.commands or not facts.began or not facts.folders:
            return 0
        moment = int(self.clock.now().timestamp() * 1000)
        opened = self.open.execute(facts.folders[0])
        changed = self.files.uncommitted(opened.worktree, facts.began)
        committed = self._committed(opened, trace, facts)
        found = list(self._found(opened, trace, _sightings(changed, committed, moment)))
        if found:
            self._write(trace, found)
        return len(found)

    def _committed(
        self, opened: Opened, trace: TraceId, facts: HookFacts
    ) -> tuple[CommittedFile, ...]:
        """Return what commits changed, where a command of the session seems to have made some."""
        found = self.files.newly_committed(opened.worktree, facts.began)
        if not found or facts.commits or self._has_committed(self.traces.envelope(trace)):
            return found
        return ()

    def _has_committed(self, envelope: Envelope) -> bool:
        replays = frozenset(envelope.header.replays)
        steps = self.traces.steps(envelope, 1, None)
        return any(has_committed(kept.step) for kept in steps if kept.key not in replays)

    def _found(
        self, opened: Opened, trace: TraceId, sightings: _Sightings
    ) -> Iterator[ObservedFile]:
        if not sightings:
            return
        also = {trace, *self.markers.marked()}
        touched = self.touching.execute(opened, sightings, also)
        if all(kept.envelope.trace_id != trace for kept in touched.trails):
            return  # without the session's own edits they would be taken for a command's
        states = ToolStates(opened.worktree, touched.actions, self.diff.edits)
        for path, seen in sorted(sightings.items()):
            observed = states.shell_made(path, seen)
            if observed and not states.is_told(observed, path):
                yield observed

    def _write(self, trace: TraceId, found: list[ObservedFile]) -> None:
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            for event in observed_patches(trace, found):
                edit.append_trail(event)
            if edit.envelope is not None:
                edit.commit(edit.envelope.header)


def _sightings(
    changed: Sequence[UncommittedFile], committed: Sequence[CommittedFile], moment: int
) -> _Sightings:
    """Return what Git tells of each file; `moment`: now, in milliseconds since 1970.

    Of a commit the second is known: what tools did in it was before. One of a time to come tells
    nothing of when it was made.
    """
    found: _Sightings = {}
    for each in committed:
        if each.committed * 1000 <= moment:
            after = (each.committed + 1) * 1000
            seen = Sighting(each.content, each.before, after, is_committed=True)
            found.setdefault(each.path, []).append(seen)
    for file in changed:
        seen = Sighting(file.content, file.committed, moment)
        found.setdefault(file.path, []).append(seen)
    return found
