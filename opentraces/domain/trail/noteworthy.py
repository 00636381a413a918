"""What of a trail its session is found by: patches, commits, packages."""

from collections.abc import Iterable
from dataclasses import field

from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.trail.events import Anchored, ManifestObserved, PatchCreated, TrailEvent
from opentraces.domain.trail.file_change import TAKEN_BACK


@mutable_dataclass
class Noteworthy:
    """What was said so far; of each thing what was said last."""

    patches: set[str] = field(default_factory=set)
    """Ids of the changes that stand."""

    anchors: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    """Full id of a commit and its subject, by patch, commit and path."""

    names: set[str] = field(default_factory=set)
    """Packages that the project asked for when the session began."""

    def take(self, event: TrailEvent) -> None:
        """Take in the next event of a trail."""
        if isinstance(event, PatchCreated):
            is_gone = TAKEN_BACK in event.change.limitations
            (self.patches.discard if is_gone else self.patches.add)(event.patch_id)
        elif isinstance(event, Anchored):
            key = (event.patch_id, event.commit, event.path)
            self.anchors.pop(key, None)
            if event.lines:
                self.anchors[key] = (event.commit, event.subject or "")
        elif isinstance(event, ManifestObserved):
            self.names.update(event.names)

    @property
    def commits(self) -> tuple[tuple[str, str], ...]:
        """The commits that hold what it wrote: full id and subject, by id."""
        return tuple(sorted(dict(sorted(self.anchors.values())).items()))


def noteworthy(trail: Iterable[TrailEvent]) -> Noteworthy:
    """Read a trail."""
    found = Noteworthy()
    for event in trail:
        found.take(event)
    return found
