"""Keep what was not committed in a worktree when a session began there."""

from collections.abc import Iterable

from opentraces.application.open_repository import Opened, OpenRepository
from opentraces.application.read_actions import Happened
from opentraces.application.read_trail import KeptTrail
from opentraces.application.touching import Touching
from opentraces.domain.beginning import Beginning, beginning_of
from opentraces.domain.envelope import Envelope
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import TraceId
from opentraces.domain.moments import iso_text
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.events import StartObserved
from opentraces.domain.trail.located import located
from opentraces.domain.trail.start import Standing, dirty_at_start
from opentraces.ports.clock import Clock
from opentraces.ports.markers import Markers
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from opentraces.ports.worktree_files import WorktreeFiles

_MILLISECOND = 1_000_000

_STARTS = frozenset(("SessionStart", "session_start"))
"""A session's first event, of each agent; of later ones it costs nothing to see that they are."""


@frozen_dataclass
class ObserveStart:
    """Keep what was not committed in a worktree when a session began there.

    Git is asked once, after the first events. What was written since the first of them does not
    tell what it held before, but where a tool saw that.
    """

    open: OpenRepository
    files: WorktreeFiles
    traces: TraceStore
    touching: Touching
    markers: Markers
    writer: TraceWriter
    clock: Clock

    def execute(self, trace: TraceId, facts: HookFacts) -> bool:
        """Return whether it was kept now. Only after the trace was; nothing where it is known.

        A session that had gone on before its first event says nothing. Raises BadRequest,
        RepositoryUnreadable: NoRepository among it; TraceNotFound, Corrupt, StorageUnavailable.
        """
        if not facts.began or not facts.folders or _STARTS.isdisjoint(facts.events):
            return False
        envelope = self.traces.envelope(trace)
        beginning = self._beginning(envelope, facts.began)
        if not beginning.is_seen:
            return False
        kept = next(iter(self.touching.trails.execute([trace])), None)
        if kept is None or kept.trail.start is not None:
            return False
        opened = self.open.execute(facts.folders[0])
        if not opened.worktrees:
            return False
        self._write(trace, self._observed(opened, kept, facts.began, beginning))
        return True

    def _beginning(self, envelope: Envelope, began: int) -> Beginning:
        replays = frozenset(envelope.header.replays)
        return beginning_of(self.traces.steps(envelope, 1, None), replays, began // _MILLISECOND)

    def _observed(
        self, opened: Opened, kept: KeptTrail, began: int, beginning: Beginning
    ) -> StartObserved:
        now = self.clock.now()
        standing = self.files.standing(opened.worktree, began)
        touches = self._touches(opened, kept, standing, began)
        files, is_whole = dirty_at_start(standing, touches, beginning.commands_from)
        return StartObserved(
            worktree=opened.worktree,
            commit=standing.commit,
            observed=iso_text(int(now.timestamp())),
            files=files,
            is_whole=is_whole,
        )

    def _touches(
        self, opened: Opened, kept: KeptTrail, standing: Standing, began: int
    ) -> dict[str, list[Action]]:
        """Return what tools did since, by path, in the order of time."""
        paths = {each.path for each in standing.written} | _paths(kept.happened, opened.worktree)
        also = {kept.envelope.trace_id, *self.markers.marked()}
        touched = self.touching.execute(opened, paths, also)
        found: dict[str, list[Action]] = {}
        for each in sorted(touched.actions, key=lambda each: each.moment):
            if each.worktree == opened.worktree and each.moment >= began // _MILLISECOND:
                found.setdefault(each.path, []).append(each)
        return found

    def _write(self, trace: TraceId, event: StartObserved) -> None:
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            edit.append_trail(event)
            if edit.envelope is not None:
                edit.commit(edit.envelope.header)


def _paths(happened: Iterable[Happened], worktree: str) -> set[str]:
    places = (located(each.change.path, [worktree]) for each in happened)
    return {place.path for place in places if place is not None}
