"""All that traces did to some files of a repository."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from opentraces.application.open_repository import Opened
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import ReadTrail
from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.blame import Author
from opentraces.domain.trail.events import PatchCreated
from opentraces.ports.trail_index import TrailIndex


@dataclass(frozen=True, slots=True)
class Touched:
    """What was done to some files."""

    actions: tuple[Action, ...] = ()
    """By trace, in the order of its trail."""

    made: Mapping[str, tuple[TraceId, PatchCreated]] = field(default_factory=dict)
    """The trace and the change of each patch, by its id."""

    def author(self, patch: str, tier: EvidenceTier) -> Author:
        """Return the step that made a patch."""
        trace, made = self.made[patch]
        return Author(trace, made.step_index, made.change.call, tier)


@dataclass(frozen=True, slots=True)
class Touching:
    """Reads what traces did to some files of a repository."""

    index: TrailIndex
    trails: ReadTrail
    actions: ReadActions

    def execute(
        self, opened: Opened, paths: Collection[str], also: TraceId | None = None
    ) -> Touched:
        """Return all of it; traces that cannot be read are passed over.

        `also`: a trace that may not be noted yet. None: all are that matter.
        Raises StorageUnavailable.
        """
        noted = self.index.noted(opened.key, opened.worktrees, paths)
        roots = {each.worktree for each in noted if each.worktree} | set(opened.worktrees)
        worktrees = tuple(sorted(roots))
        actions: list[Action] = []
        made: dict[str, tuple[TraceId, PatchCreated]] = {}
        traces = {each.trace for each in noted} | ({also} if also is not None else set())
        for kept in self.trails.execute(sorted(traces)):
            actions += self.actions.execute(kept.envelope, kept.happened, worktrees, paths)
            trace = kept.envelope.trace_id
            made |= {patch: (trace, each) for patch, each in kept.trail.patches.items()}
        return Touched(tuple(actions), made)
