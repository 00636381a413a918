"""Whether an interrupted run left something undone; imports next to nothing."""

from opentraces.entrypoints.container.describing import later_format
from opentraces.entrypoints.settings import Settings


def is_marked(settings: Settings) -> bool:
    """Whether a trace is marked of which not all that is derived follows yet.

    False where a later release made the bucket: that one finishes what it left.
    """
    dirty = settings.state / "dirty"
    return dirty.is_dir() and any(dirty.iterdir()) and later_format(settings) is None
