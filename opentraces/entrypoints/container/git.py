"""How Git is wired. What reads history is imported where a worktree is looked at."""

from opentraces.adapters.filesystem.mounts import Mounts
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.identity import GitRepositoryIdentity
from opentraces.adapters.git.worktree_signs import GitWorktrees
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_repositories = lazy("opentraces.adapters.git.repositories:GitRepositories")


def repository_identity(settings: Settings) -> GitRepositoryIdentity:
    """Make the RepositoryIdentity."""
    return GitRepositoryIdentity(GitCommand(settings.search_path))


def worktrees(settings: Settings) -> GitWorktrees:
    """Make the WorktreeSource."""
    git = GitCommand(settings.search_path)
    return GitWorktrees(
        FilesystemCheckouts(),
        GitRepositoryIdentity(git),
        lambda checkout: _repositories(git).open(checkout),
        Mounts(str(settings.home)).is_far,
    )
