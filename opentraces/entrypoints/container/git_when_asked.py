"""Git, imported where a repository is looked at: starting processes takes long to import."""

from opentraces.domain.enrolment import Identity
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.repositories import Repositories
from opentraces.ports.repository import Repository
from opentraces.ports.repository_identity import RepositoryIdentity

_git_command = lazy("opentraces.adapters.git.command:GitCommand")
_git_identity = lazy("opentraces.adapters.git.identity:GitRepositoryIdentity")
_git_repositories = lazy("opentraces.adapters.git.repositories:GitRepositories")


class IdentityWhenAsked(RepositoryIdentity):
    """Is made when it is asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def identify(self, checkout: str) -> Identity:
        """See RepositoryIdentity."""
        git = _git_command(self._settings.search_path)
        identity: Identity = _git_identity(git).identify(checkout)
        return identity


class RepositoriesWhenAsked(Repositories):
    """Are made when they are asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open(self, checkout: str) -> Repository:
        """See Repositories."""
        git = _git_command(self._settings.search_path)
        repository: Repository = _git_repositories(git).open(checkout)
        return repository
