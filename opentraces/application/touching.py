"""All that traces did to some files of a repository."""

from collections.abc import Collection

from opentraces.application.open_repository import Opened
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import KeptTrail, ReadTrail
from opentraces.domain.errors import Corrupt
from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.blame import Author
from opentraces.ports.trail_index import TrailIndex


@frozen_dataclass
class Touched:
    """What was done to some files."""

    actions: tuple[Action, ...] = ()
    """By trace, in the order of its trail."""

    trails: tuple[KeptTrail, ...] = ()
    """The trails of the traces that did it, or may have, by id of the trace."""

    def author(self, patch: str, tier: EvidenceTier) -> Author:
        """Return the step that made a patch."""
        kept = next(each for each in self.trails if patch in each.trail.patches)
        made = kept.trail.patches[patch]
        return Author(kept.envelope.trace_id, made.step_index, made.change.call, tier)


@frozen_dataclass
class Touching:
    """Reads what traces did to some files of a repository."""

    index: TrailIndex
    trails: ReadTrail
    actions: ReadActions

    def execute(
        self, opened: Opened, paths: Collection[str], also: Collection[TraceId] = ()
    ) -> Touched:
        """Return all of it; traces that cannot be read are passed over.

        `also`: traces that are wanted whatever they touched. Raises StorageUnavailable.
        """
        noted = self.index.noted(opened.key, opened.worktrees, paths)
        # Of sessions that began in another repository, only what they did in this one.
        own = {each.worktree for each in noted if each.repository == opened.key}
        worktrees = tuple(sorted(own - {""} | set(opened.worktrees)))
        actions: list[Action] = []
        trails: list[KeptTrail] = []
        for kept in self.trails.execute(sorted({*also, *(each.trace for each in noted)})):
            try:
                did = self.actions.execute(kept.envelope, kept.happened, worktrees, paths)
            except Corrupt:
                continue  # without what it wrote it can neither be named nor speak for others
            actions += did
            trails.append(kept)
        return Touched(tuple(actions), tuple(trails))
