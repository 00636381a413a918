"""A repository, by the folder that somebody stands in."""

from opentraces.domain.errors import BadRequest, NoRepository, RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.worktree import repository_key
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.repositories import Repositories
from opentraces.ports.repository import Repository
from opentraces.ports.repository_identity import RepositoryIdentity


@frozen_dataclass
class Opened:
    """A repository that can be asked."""

    key: str
    """What it is called in a trail: see `worktree.repository_key`."""

    worktree: str
    """The root of the worktree around the folder, or a bare repository; absolute."""

    worktrees: tuple[str, ...]
    """The roots of all its worktrees that are there, that one first; empty: it is bare."""

    repository: Repository
    """Its history."""

    common: str | None = None
    """The folder of its objects, absolute. None: it is not known."""


@frozen_dataclass
class OpenRepository:
    """Opens the repository around a folder."""

    checkouts: Checkouts
    identity: RepositoryIdentity
    repositories: Repositories

    def execute(self, folder: str) -> Opened:
        """Raises BadRequest, NoRepository, RepositoryUnreadable: it is not read."""
        try:
            seen = self.checkouts.around(folder)
        except BadRequest as error:
            return self._bare(folder, error)
        own = seen.own
        if own.repository is None:
            raise NoRepository(f"{folder} is in no git repository")
        others = (each.path for each in seen.checkouts if each.path != own.path)
        root = self.identity.identify(own.path).root_commit
        return Opened(
            key=repository_key(root, own.path),
            worktree=own.path,
            worktrees=(own.path, *others),
            repository=self.repositories.open(own.path),
            common=own.repository,
        )

    def _bare(self, folder: str, error: BadRequest) -> Opened:
        """Open the bare repository at a folder: its history can be asked, and files of none."""
        try:
            repository = self.repositories.open(folder)
        except RepositoryUnreadable:
            raise error from None
        root = self.identity.identify(folder).root_commit
        return Opened(repository_key(root, folder), folder, (), repository)
