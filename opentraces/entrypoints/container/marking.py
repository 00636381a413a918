"""Whether an interrupted run left something undone; imports next to nothing."""

from opentraces.entrypoints.container.describing import later_format
from opentraces.entrypoints.settings import Settings


def is_marked(settings: Settings) -> bool:
    """Whether a trace is marked of which not all that is derived follows yet.

    False where a later release made the bucket: that one finishes what it left.
    """
    return bool(marked(settings)) and later_format(settings) is None


def marked(settings: Settings) -> frozenset[str]:
    """Return the ids of traces that are marked."""
    dirty = settings.state / "dirty"
    return frozenset(each.name for each in dirty.iterdir()) if dirty.is_dir() else frozenset()
