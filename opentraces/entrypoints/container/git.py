"""How Git is wired: what runs it, or reads history, is imported where a repository is looked at."""

from opentraces.adapters.filesystem.mounts import Mounts
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.git.worktree_signs import GitWorktrees
from opentraces.domain.enrolment import Identity
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.repository_identity import RepositoryIdentity

_git_command = lazy("opentraces.adapters.git.command:GitCommand")
_git_identity = lazy("opentraces.adapters.git.identity:GitRepositoryIdentity")
_repositories = lazy("opentraces.adapters.git.repositories:GitRepositories")


class IdentityWhenAsked(RepositoryIdentity):
    """Is made when it is asked: starting processes takes longer to import than the rest."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def identify(self, checkout: str) -> Identity:
        """See RepositoryIdentity."""
        git = _git_command(self._settings.search_path)
        identity: Identity = _git_identity(git).identify(checkout)
        return identity


def worktrees(settings: Settings) -> GitWorktrees:
    """Make the WorktreeSource."""
    return GitWorktrees(
        FilesystemCheckouts(),
        IdentityWhenAsked(settings),
        lambda checkout: _repositories(_git_command(settings.search_path)).open(checkout),
        Mounts(str(settings.home)).is_far,
    )
