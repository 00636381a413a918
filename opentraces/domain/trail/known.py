"""What a trail knows already, by what a new look at history would say again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from opentraces.domain.trail.events import (
    Anchored,
    PatchCreated,
    StateObserved,
    Superseded,
    SurvivalObserved,
    TrailEvent,
)
from opentraces.domain.trail.file_change import TAKEN_BACK

AnchorKey = tuple[str, str, str]
"""Id of the patch, of the commit, and the path in it."""


@dataclass(slots=True)
class KnownTrail:
    """The events of a trail, each by what it is about; later ones in the place of earlier."""

    patches: dict[str, PatchCreated] = field(default_factory=dict)
    """Changes, by id of the patch."""

    sights: list[StateObserved] = field(default_factory=list)
    """Files that were seen."""

    anchors: dict[str, dict[AnchorKey, Anchored]] = field(default_factory=dict)
    """What commits hold, by repository; what was taken back is not there."""

    superseded: dict[tuple[str, str], Superseded] = field(default_factory=dict)
    """Commits that were replaced, by repository and commit."""

    survivals: dict[tuple[str, str], SurvivalObserved] = field(default_factory=dict)
    """What is left, by repository and patch."""

    def anchored_in(self, repository: str) -> Mapping[AnchorKey, Anchored]:
        """Return what commits of a repository hold."""
        return self.anchors.get(repository, {})

    def take(self, event: TrailEvent) -> None:
        """Take the next event."""
        if isinstance(event, PatchCreated):
            self._take_patch(event)
        elif isinstance(event, StateObserved):
            self.sights.append(event)
        elif isinstance(event, Anchored):
            self._take_anchor(event)
        elif isinstance(event, Superseded):
            self.superseded[event.repository, event.commit] = event
        elif isinstance(event, SurvivalObserved):
            self.survivals[event.repository, event.patch_id] = event

    def _take_patch(self, event: PatchCreated) -> None:
        known = self.patches.get(event.patch_id)
        if known is not None and event.step_index > known.step_index:
            return  # a copy of that step
        if TAKEN_BACK in event.change.limitations:
            self.patches.pop(event.patch_id, None)
        else:
            self.patches[event.patch_id] = event

    def _take_anchor(self, event: Anchored) -> None:
        anchors = self.anchors.setdefault(event.repository, {})
        key = (event.patch_id, event.commit, event.path)
        if event.lines:
            anchors[key] = event
        else:
            anchors.pop(key, None)


def known_trail(events: Iterable[TrailEvent]) -> KnownTrail:
    """Read a trail from its first event to its last."""
    trail = KnownTrail()
    for event in events:
        trail.take(event)
    return trail
