"""How worktrees of sessions are looked at."""

from opentraces.adapters.filesystem.mounts import Mounts
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.git.worktree_signs import GitWorktrees
from opentraces.entrypoints.container.git_when_asked import (
    IdentityWhenAsked,
    RepositoriesWhenAsked,
)
from opentraces.entrypoints.settings import Settings


def worktrees(settings: Settings) -> GitWorktrees:
    """Make the WorktreeSource."""
    return GitWorktrees(
        FilesystemCheckouts(),
        IdentityWhenAsked(settings),
        RepositoriesWhenAsked(settings).open,
        Mounts(str(settings.home)).is_far,
    )
