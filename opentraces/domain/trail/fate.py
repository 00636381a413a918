"""What became of a patch, in one word."""

from collections.abc import Collection
from typing import Literal

from opentraces.domain.trail.events import SurvivalObserved

Fate = Literal["anchored", "pending", "reverted", "lost"]
"""A commit holds it; no commit does that was searched; commits held it, and a revert took all of
it; commits held it, and all of it is gone otherwise. A patch has one of them."""


def fate_of(survivals: Collection[SurvivalObserved], *, is_anchored: bool) -> Fate:
    """Return what became of a patch.

    `survivals`: what of it was seen to be left, in each repository that holds it; while one of
    them has a line of it, it is not gone. `is_anchored`: whether a commit holds lines of it.
    """
    if not is_anchored:
        return "pending"
    states = {each.state for each in survivals}
    if not states or states & {"alive", "partial"}:
        return "anchored"
    return "lost" if "lost" in states else "reverted"
