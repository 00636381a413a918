"""Events of a trail as lines of JSON."""

from collections.abc import Mapping

from opentraces.domain.frozen import told
from opentraces.domain.ids import canonical_bytes
from opentraces.domain.trail.events import (
    Anchored,
    AnchorSearched,
    ManifestObserved,
    PatchCreated,
    StartObserved,
    StateObserved,
    Superseded,
    SurvivalObserved,
    TrailEvent,
)

KINDS: Mapping[str, type[TrailEvent]] = {
    "patch_created": PatchCreated,
    "state_observed": StateObserved,
    "manifest_observed": ManifestObserved,
    "anchor_searched": AnchorSearched,
    "anchored": Anchored,
    "superseded": Superseded,
    "survival_observed": SurvivalObserved,
    "start_observed": StartObserved,
}
"""What each `event` is read as."""


def line_of(event: TrailEvent) -> bytes:
    """Return an event as one line of JSON, without what equals its default."""
    return canonical_bytes({**event.told(), "event": event.event}, told) + b"\n"


def step_of(event: TrailEvent) -> int:
    """Return the step that an event is about; 0: about none."""
    return event.step_index if isinstance(event, PatchCreated | StateObserved) else 0
