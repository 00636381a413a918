"""A trail as it stands: of each thing what was said last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opentraces.domain.trail.events import (
    Anchored,
    AnchorSearched,
    PatchCreated,
    Superseded,
    TrailEvent,
)
from opentraces.domain.trail.file_change import TAKEN_BACK

_Place = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class StandingTrail:
    """What a trail says of patches and of where they are in history."""

    patches: Mapping[str, PatchCreated] = field(default_factory=dict)
    """By id. Of a patch that several steps made, each a copy of the other, the first step."""

    anchors: Mapping[str, Sequence[Anchored]] = field(default_factory=dict)
    """By patch, as they were found; none that was taken back."""

    replaced: frozenset[str] = frozenset()
    """Full ids of commits that were replaced by others."""

    searches: Mapping[str, AnchorSearched] = field(default_factory=dict)
    """The last search of each repository, by its key."""

    unsearched: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By repository, ids of patches that became known only after it was searched last."""

    def search_of(self, patch: str, repositories: Collection[str] | None) -> AnchorSearched | None:
        """Return the latest search for a patch. None: nobody searched.

        `repositories`: those that it may be in. None: any.
        """
        found = [
            search
            for key, search in self.searches.items()
            if (repositories is None or key in repositories)
            and patch not in self.unsearched.get(key, ())
        ]
        return max(found, key=lambda search: search.until, default=None)


class _Reading:
    """A trail being read from its start."""

    def __init__(self, left_out: Collection[int]) -> None:
        self._left_out = left_out
        self._made: dict[str, dict[int, PatchCreated]] = {}
        """By patch and step."""
        self._anchors: dict[_Place, Anchored] = {}
        self._replaced: set[str] = set()
        self._searches: dict[str, AnchorSearched] = {}
        self._unsearched: dict[str, set[str]] = {}

    def take(self, event: TrailEvent) -> None:
        if isinstance(event, PatchCreated):
            self._take_patch(event)
        elif isinstance(event, Anchored):
            place = (event.patch_id, event.repository, event.commit, event.path)
            self._anchors[place] = event
        elif isinstance(event, Superseded):
            self._replaced.add(event.commit)
        elif isinstance(event, AnchorSearched):
            self._searches[event.repository] = event
            self._unsearched[event.repository] = set()

    def _take_patch(self, event: PatchCreated) -> None:
        if event.step_index in self._left_out:
            return
        made = self._made.setdefault(event.patch_id, {})
        if TAKEN_BACK in event.change.limitations:
            made.pop(event.step_index, None)
            return
        if not made:
            for late in self._unsearched.values():
                late.add(event.patch_id)
        made[event.step_index] = event

    def read(self) -> StandingTrail:
        patches = {patch: made[min(made)] for patch, made in self._made.items() if made}
        by_patch: dict[str, list[Anchored]] = {}
        for anchor in self._anchors.values():
            if anchor.lines and anchor.patch_id in patches:
                by_patch.setdefault(anchor.patch_id, []).append(anchor)
        return StandingTrail(
            patches, by_patch, frozenset(self._replaced), self._searches, self._unsearched
        )


def standing_trail(events: Iterable[TrailEvent], left_out: Collection[int] = ()) -> StandingTrail:
    """Read a trail from its start; `left_out`: steps whose patches are another trace's."""
    reading = _Reading(left_out)
    for event in events:
        reading.take(event)
    return reading.read()
