"""A trail as it stands: of each thing what was said last."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.trail.events import (
    Anchored,
    AnchorSearched,
    PatchCreated,
    StartObserved,
    StateObserved,
    Superseded,
    SurvivalObserved,
    TrailEvent,
)
from opentraces.domain.trail.file_change import TAKEN_BACK
from opentraces.domain.trail.lines import step_of

AnchorKey = tuple[str, str, str]
"""Id of the patch, of the commit, and the path in it."""


@mutable_dataclass
class KnownTrail:
    """The events of a trail, each by what it is about; later ones in the place of earlier."""

    patches: dict[str, PatchCreated] = field(default_factory=dict)
    """Changes, by id of the patch. Of one that several steps made, each a copy of the other, the
    first step's."""

    sights: list[StateObserved] = field(default_factory=list)
    """Files that were seen."""

    anchors: dict[str, dict[AnchorKey, Anchored]] = field(default_factory=dict)
    """What commits hold, by repository; what was taken back is not there."""

    superseded: dict[tuple[str, str], Superseded] = field(default_factory=dict)
    """Commits that were replaced, by repository and commit."""

    survivals: dict[tuple[str, str], SurvivalObserved] = field(default_factory=dict)
    """What is left, by repository and patch."""

    searches: dict[str, AnchorSearched] = field(default_factory=dict)
    """The last search of each repository, by its key."""

    start: StartObserved | None = None
    """What was not committed when the session began. None: nobody looked in time."""

    _late: dict[str, set[str]] = field(default_factory=dict)
    """By repository, ids of patches that became known only after it was searched last."""

    _held: dict[str, dict[tuple[str, AnchorKey], Anchored]] = field(default_factory=dict)
    """The same as `anchors`, by patch."""

    _made: dict[str, dict[int, PatchCreated]] = field(default_factory=dict)
    """All that was said of a patch, by its id and the step."""

    @property
    def replaced(self) -> frozenset[str]:
        """Full ids of the commits that were replaced by others."""
        return frozenset(commit for _, commit in self.superseded)

    def anchored_in(self, repository: str) -> Mapping[AnchorKey, Anchored]:
        """Return what commits of a repository hold."""
        return self.anchors.get(repository, {})

    def anchors_of(self, patch: str) -> list[Anchored]:
        """Return what commits of any repository hold of a patch, as it was found."""
        return list(self._held.get(patch, {}).values())

    @property
    def every_anchor(self) -> list[Anchored]:
        """What commits of any repository hold of the patches that are known."""
        return [each for patch in self.patches for each in self.anchors_of(patch)]

    def search_of(self, patch: str, repositories: Collection[str] | None) -> AnchorSearched | None:
        """Return the latest search for a patch. None: nobody searched.

        `repositories`: those that it may be in. None: any.
        """
        found = [
            search
            for key, search in self.searches.items()
            if (repositories is None or key in repositories) and patch not in self._late[key]
        ]
        return max(found, key=lambda search: search.until, default=None)

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
        elif isinstance(event, StartObserved):
            self.start = event
        elif isinstance(event, AnchorSearched):
            self.searches[event.repository] = event
            self._late[event.repository] = set()

    def _take_patch(self, event: PatchCreated) -> None:
        patch = event.patch_id
        made = self._made.setdefault(patch, {})
        if TAKEN_BACK in event.change.limitations:
            made.pop(event.step_index, None)
        else:
            made[event.step_index] = event
            for late in self._late.values():
                late |= {patch} - self.patches.keys()
        if made:
            self.patches[patch] = made[min(made)]
        else:
            self.patches.pop(patch, None)

    def _take_anchor(self, event: Anchored) -> None:
        anchors = self.anchors.setdefault(event.repository, {})
        held = self._held.setdefault(event.patch_id, {})
        key = (event.patch_id, event.commit, event.path)
        if event.lines:
            anchors[key] = held[event.repository, key] = event
        else:
            anchors.pop(key, None)
            held.pop((event.repository, key), None)


def known_trail(events: Iterable[TrailEvent], left_out: Collection[int] = ()) -> KnownTrail:
    """Read a trail from its start; `left_out`: steps that are another trace's, and did nothing."""
    trail = KnownTrail()
    for event in events:
        if step_of(event) not in left_out:
            trail.take(event)
    return trail
