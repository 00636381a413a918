"""Which repositories their user wants captured: projects, and the checkouts they are in.

A project is enrolled by its user and by nothing else. What a repository says of itself, its first
commit and its remote, only groups the checkouts that were enrolled.
"""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import PurePosixPath

from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Checkout:
    """One folder with a project's files, and the repository it is a checkout of."""

    path: str
    """Absolute, without symbolic links."""

    repository: str | None = None
    """The folder of the objects, which all worktrees share: absolute, without symbolic links.
    None: a plain folder, or one whose repository does not name it in turn."""

    device: int | None = None
    """The device that the repository's folder is on. None: no repository."""

    inode: int | None = None
    """The number of the repository's folder on its device. None: no repository."""


class Made(StrEnum):
    """What had to be made before a line could be added to a repository's list of exclusions."""

    NOTHING = "nothing"
    FILE = "file"
    FOLDER = "folder"


@frozen_dataclass
class Exclusion:
    """A line that we added to a repository's own list of what Git leaves alone."""

    repository: str
    """The folder of the objects."""

    added: str
    """What was added to the end of the list, line ends included."""

    made: Made = Made.NOTHING
    """What was made for it, and goes again when nothing else is in it."""


@frozen_dataclass
class Identity:
    """What a repository says of itself. Anybody can make a repository that says the same."""

    root_commit: str | None = None
    """Full id of the first commit. None: not known."""

    remote: str | None = None
    """Where it was cloned from, as `remotes.plain_remote` writes it. None: nowhere, not known."""

    reason: str | None = None
    """Why the first commit is not known, in words. None: it is, or there is no repository."""


@frozen_dataclass
class Seen:
    """What stands around a folder."""

    checkouts: tuple[Checkout, ...]
    """The one around the folder, then the other worktrees of its repository; never empty."""

    is_repository: bool = True
    """False: the folder is in no repository, and stands for itself."""

    is_ours: bool = True
    """Whether the checkout and its repository belong to the user who runs us."""

    @property
    def own(self) -> Checkout:
        """The checkout around the folder."""
        return self.checkouts[0]

    @property
    def is_main(self) -> bool:
        """Whether it is no linked worktree, so that its first commit is the repository's."""
        repository = self.own.repository
        return repository is None or repository == f"{self.own.path.rstrip('/')}/.git"

    @property
    def name(self) -> str:
        """What a person calls it: the name of the main checkout's folder."""
        repository = PurePosixPath(self.own.repository or "")
        if repository.name == ".git":
            return repository.parent.name
        if repository.suffix == ".git":
            return repository.stem
        return PurePosixPath(self.own.path).name or self.own.path


@frozen_dataclass
class Project:
    """What its user enrolled: all checkouts of one repository, or a folder."""

    project_id: str
    """A UUID; it stays when the project moves."""

    name: str
    """What a person calls it: the name of the first checkout's folder."""

    root_commit: str | None
    """Full id of the repository's first commit. None: not known."""

    remote: str | None
    """Where it was cloned from: `host/owner/repo`, or a path. None: not known."""

    agents: tuple[str, ...]
    """The agents whose sessions are captured, ascending; never empty."""

    checkouts: tuple[Checkout, ...]
    """Where it is, by path; never empty."""

    exclusions: tuple[Exclusion, ...] = ()
    """The lines we added to its repositories' lists."""

    former: tuple[str, ...] = ()
    """Folders that it was in and that were gone when that was noticed, the latest last."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The folders it is in."""
        return tuple(checkout.path for checkout in self.checkouts)


def listed_paths(projects: Iterable[Project], agent: str) -> tuple[str, ...]:
    """Return the folders in which an agent's sessions are captured, ascending."""
    return tuple(sorted({path for each in projects if agent in each.agents for path in each.paths}))


def enclosing(projects: Iterable[Project], folder: str) -> str | None:
    """Return the nearest enrolled folder upwards. None: there is none."""
    listed = {path for project in projects for path in project.paths}
    above = (folder, *map(str, PurePosixPath(folder).parents))
    return next((path for path in above if path in listed), None)


def holding(projects: Iterable[Project], path: str) -> Project | None:
    """Return the project that has a checkout at `path`. None: there is none."""
    return next((project for project in projects if path in project.paths), None)
