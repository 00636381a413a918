"""How commands keep up with worktrees of what is enrolled; imports next to nothing."""

from pathlib import Path

from opentraces.adapters.filesystem.enrolled import is_settled
from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_follow_checkout = lazy("opentraces.entrypoints.container.enrolling:follow_checkout")
"""Imported when there is something to follow up."""


def note_worktree(settings: Settings, folder: Path) -> None:
    """Add the checkout around `folder` to its project, if it is one of an enrolled repository's.

    Never fails: whatever is wrong is for the commands that are about it.
    """
    if is_settled(settings.home, folder):
        return
    try:
        _follow_checkout(settings).execute(str(folder))
    except (OpentracesError, OSError):
        return
