"""How Git is wired."""

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.identity import GitRepositoryIdentity
from opentraces.entrypoints.settings import Settings


def repository_identity(settings: Settings) -> GitRepositoryIdentity:
    """Make the RepositoryIdentity."""
    return GitRepositoryIdentity(GitCommand(settings.search_path))
