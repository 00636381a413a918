"""Opens repositories: by libgit2 where it can read them, and by the git command elsewhere."""

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.library import open_library
from opentraces.adapters.git.repository import GitRepository
from opentraces.ports.repositories import Repositories
from opentraces.ports.repository import Repository


class GitRepositories(Repositories):
    """See Repositories."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git

    def open(self, checkout: str) -> Repository:
        """See Repositories."""
        return GitRepository(open_library(checkout), self._git)
