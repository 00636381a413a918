"""Opens repositories: by libgit2 where it can read them, and by the git command elsewhere."""

from collections.abc import Callable

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_source import open_command
from opentraces.adapters.git.identity import FOREIGN
from opentraces.adapters.git.objects import Source
from opentraces.adapters.git.plain_files import is_plain
from opentraces.adapters.git.repository import GitRepository
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.ports.repositories import Repositories
from opentraces.ports.repository import Repository

_open_library: Callable[[str], Source] | None
try:
    from opentraces.adapters.git.library import open_library as _open_library
except ImportError:  # without libgit2 the command does it all
    _open_library = None

_NOT_OWNED = "not owned by current user"


class GitRepositories(Repositories):
    """See Repositories."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git

    def open(self, checkout: str) -> Repository:
        """See Repositories."""
        return GitRepository(self.source(checkout), self._git)

    def source(self, checkout: str) -> Source:
        """Return a repository before anything of it is read. Raises RepositoryUnreadable."""
        if _open_library is None or not is_plain(checkout):
            return open_command(self._git, checkout)
        try:
            return _open_library(checkout)
        except RepositoryUnreadable as error:
            if _NOT_OWNED in str(error):
                raise RepositoryUnreadable(f"{checkout}: {FOREIGN}") from error
            return open_command(self._git, checkout)
